package dev.weir.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.config.ConfigFile;
import dev.weir.cli.config.WeirConfig;
import dev.weir.policy.check.PolicyBuild;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.proxy.authenticate.PasswordHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer copies from README.md and docs/schemas.md is taken as it stands there. */
class ReadmeTest {
    private static final Pattern YAML = Pattern.compile("(?ms)^( *)```yaml\\n(.*?)^ *```$");

    @TempDir
    private Path folder;

    @Test
    void theConfigurationIsOne() throws IOException {
        Files.createDirectories(folder.resolve("demo-policy"));
        String hash = PasswordHash.create("secret", PasswordHash.ITERATIONS_MIN).encoded();
        Files.writeString(Files.createDirectories(folder.resolve("secrets")).resolve("users.txt"), "checkout:" + hash);
        WeirConfig config = ConfigFile.read(Files.writeString(folder.resolve("weir.yaml"), blockWith("clusters:")));
        assertThat(config.proxy().listeners()).hasSize(1);
    }

    @Test
    void thePolicyIsGoodAndItsTestsPass() throws IOException {
        PolicyBuild build = PolicyBuild.of(
                new PolicyFiles(
                        "readme",
                        List.of(
                                file("readme.yaml", blockWith("kind: TopicAccess")),
                                file("others.yaml", others()),
                                file("schemas/order.avsc", "\"string\"")),
                        ""),
                Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(build.problems()).isEmpty();
        assertThat(build.tests()).isNotEmpty();
    }

    @Test
    void fiveLinesGuardATopic() throws IOException {
        PolicyBuild build = PolicyBuild.of(
                new PolicyFiles(
                        "schemas",
                        List.of(
                                file("schemas.yaml", block(Path.of("..", "docs", "schemas.md"), "kind: SchemaRule")),
                                file("schemas/order.avsc", "\"string\"")),
                        ""),
                Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(build.problems()).isEmpty();
    }

    /** The Services that the text leaves to the reader. */
    private static String others() {
        StringBuilder documents = new StringBuilder();
        for (String service : List.of("checkout", "fraud", "auditor")) {
            documents
                    .append("---\napiVersion: weir.dev/v1\nkind: Service\nmetadata: {name: ")
                    .append(service)
                    .append("}\nspec: {identities: [{sasl: ")
                    .append(service)
                    .append("}]}\n");
        }
        return documents.toString();
    }

    private static PolicyFile file(String path, String content) {
        return new PolicyFile(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private static String blockWith(String text) throws IOException {
        return block(Path.of("..", "README.md"), text);
    }

    private static String block(Path page, String text) throws IOException {
        Matcher blocks = YAML.matcher(Files.readString(page));
        return Stream.iterate(blocks.find(), found -> found, found -> blocks.find())
                .map(found -> blocks.group(2).replaceAll("(?m)^" + blocks.group(1), ""))
                .filter(block -> block.contains(text))
                .findFirst()
                .orElseThrow();
    }
}
