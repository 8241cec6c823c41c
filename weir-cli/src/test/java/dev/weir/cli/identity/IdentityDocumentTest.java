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

    /** The table of who authenticates whom is one that a test reads; the tables of details name their tests. */
    @Test
    void everyWayToAuthenticateIsTried() throws IOException {
        List<String> lines = Files.readAllLines(root.resolve("docs/identity.md"));
        int head = lines.indexOf("| client shows | over | Weir knows | `shared` | `perPrincipal` | `passThrough` |");
        assertThat(head).isPositive();
        assertThat(TESTS.get("CombinationsIT"))
                .as("reads this very table")
                .contains("\"" + lines.get(head) + "\"")
                .contains("\"docs\", \"identity.md\"");
        assertThat(rows(lines, head))
                .hasSizeGreaterThanOrEqualTo(7)
                .allSatisfy(row -> assertThat(TESTS.get("ClientWay"))
                        .as("has a client that comes so")
                        .contains("\"" + row.split("\\|")[1].strip() + "\""));

        List<String> details = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("|") && lines.get(i).endsWith("| test |")) {
                details.addAll(rows(lines, i));
            }
        }
        assertThat(details).hasSizeGreaterThanOrEqualTo(17).allSatisfy(row -> {
            Matcher test = TEST.matcher(row);
            assertThat(test.find()).as("names a test").isTrue();
            assertThat(test.group(2)).as("names what is tested, by its method").isNotNull();
        });
    }

    private static List<String> rows(List<String> lines, int head) {
        return lines.stream()
                .skip(head + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }
}
