package dev.weir.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is shipped is listed with its licence, and what a licence wants said is said. Runs on what the build packed. */
class ThirdPartyIT {
    private static final Path DIST = Path.of("target", "dist");
    private static final Pattern VERSION = Pattern.compile("(?<artifact>.+?)-(?<version>\\d[^/]*)\\.jar");
    private static final Pattern OF_ECLIPSE = Pattern.compile("\\(EPL-[^)]*\\).*\\((?<group>[^:(]+):");

    @Test
    void everyJarThatIsShippedIsListed() throws IOException {
        String listed = Files.readString(DIST.resolve("THIRD-PARTY.txt"));
        try (Stream<Path> jars = Files.list(DIST.resolve("lib"))) {
            List<String> artifacts = jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> !jar.endsWith("-SNAPSHOT.jar"))
                    .map(ThirdPartyIT::artifact)
                    .toList();
            assertThat(artifacts)
                    .hasSizeGreaterThan(50)
                    .allSatisfy(artifact -> assertThat(listed).contains(artifact));
        }
    }

    /** {@code :name:version}, as the list has it; native libraries come with a classifier behind the version. */
    private static String artifact(String jar) {
        Matcher parts = VERSION.matcher(jar);
        assertThat(parts.matches()).as(jar).isTrue();
        return ":" + parts.group("artifact") + ":" + parts.group("version").replaceFirst("-(linux|osx|windows)-.*", "");
    }

    @Test
    void theNoticeNamesAllWhoseLicenceWantsIt() throws IOException {
        String notice = Files.readString(Path.of("..", "NOTICE"));
        List<String> groups = Files.readAllLines(DIST.resolve("THIRD-PARTY.txt")).stream()
                .map(OF_ECLIPSE::matcher)
                .filter(Matcher::find)
                .map(match -> match.group("group"))
                .distinct()
                .toList();
        assertThat(groups)
                .contains("org.eclipse.elk")
                .allSatisfy(group -> assertThat(notice).contains(group));
    }
}
