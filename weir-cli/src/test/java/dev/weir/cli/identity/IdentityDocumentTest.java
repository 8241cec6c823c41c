package dev.weir.cli.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the documents say is tested, is: the tests that they name exist. */
class IdentityDocumentTest {
    /** {@code PassThroughIT}, or {@code PassThroughIT.aTokenIsTheBrokersToVerify}. */
    private static final Pattern TEST = Pattern.compile("`([A-Z][a-zA-Z0-9]*[a-z0-9](?:IT|Test))(?:\\.(\\w+))?`");

    private static final Pattern REAL_CLIENTS =
            Pattern.compile("import (?:org\\.apache\\.kafka\\.clients|dev\\.weir\\.testkit\\.clients)\\.");

    private static Path root;
    private static final Map<String, String> TESTS = new HashMap<>();

    @BeforeAll
    static void readTests() throws IOException {
        root = Path.of("").toAbsolutePath().getParent();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path sources : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                            .toList()) {
                        String name = file.getFileName().toString();
                        TESTS.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
                    }
                }
            }
        }
        assertThat(TESTS).hasSizeGreaterThan(100);
    }

    @Test
    void everyTestThatADocumentNamesExists() throws IOException {
        int named = 0;
        try (Stream<Path> documents = Files.list(root.resolve("docs"))) {
            for (Path document :
                    documents.filter(path -> path.toString().endsWith(".md")).toList()) {
                Matcher test = TEST.matcher(Files.readString(document));
                while (test.find()) {
                    assertThat(TESTS.containsKey(test.group(1)))
                            .as("%s names %s, which there is", document.getFileName(), test.group())
                            .isTrue();
                    if (test.group(2) != null) {
                        assertThat(TESTS.get(test.group(1)).contains("void " + test.group(2) + "("))
                                .as("%s names %s, which there is", document.getFileName(), test.group())
                                .isTrue();
                    }
                    named++;
                }
            }
        }
        assertThat(named).isPositive();
    }

    /** Every row of the tables of who authenticates whom. */
    @Test
    void everyWayToAuthenticateIsTriedByClientsOfKafka() throws IOException {
        List<String> rows = new ArrayList<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(root.resolve("docs/identity.md"))) {
            boolean row = line.startsWith("|");
            inTable = row && (inTable || line.endsWith("| test |"));
            if (inTable && !line.endsWith("| test |") && !line.startsWith("| ---")) {
                rows.add(line);
            }
        }
        assertThat(rows).hasSizeGreaterThanOrEqualTo(17).allSatisfy(row -> {
            Matcher test = TEST.matcher(row);
            assertThat(test.find()).as("names a test").isTrue();
            assertThat(test.group(2)).as("names what is tested, by its method").isNotNull();
            assertThat(REAL_CLIENTS.matcher(TESTS.get(test.group(1))).find())
                    .as("%s uses clients of Kafka", test.group(1))
                    .isTrue();
        });
    }
}
