package dev.weir.cli.schema;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.testkit.git.TestGitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCheckCommandTest {
    private static final String ID = "{\"name\": \"id\", \"type\": \"long\"}";
    private static final String NOTE = ID + ", {\"name\": \"note\", \"type\": \"string\"}";

    @TempDir
    private Path dir;

    @Test
    void aBranchIsComparedWithTheRevisionThatItComesFrom() throws IOException {
        try (TestGitRepository git = TestGitRepository.init(dir.resolve("repository"))) {
            git.commit(
                    "Orders",
                    Map.of("schemas/orders-value.avsc", order(ID), "schemas/gone.avsc", order(ID), "README", "x"));
            git.delete("Gone", java.util.List.of("schemas/gone.avsc"));
            git.commit("A note", Map.of("schemas/orders-value.avsc", order(NOTE), "schemas/new.avsc", "\"string\""));
            String schemas = git.dir().resolve("schemas").toString();

            Result backward = weir("schema", "check", "--against", "git:HEAD~2", schemas);
            assertThat(backward.exitCode()).isEqualTo(1);
            assertThat(backward.out())
                    .isEqualTo(
                            "orders-value.avsc: at note: a consumer with the new schema cannot read records of the old one: "
                                    + "the field is new and has no default; give it one\n"
                                    + "gone.avsc: is gone; nothing is compared with it\n"
                                    + "1 compared with HEAD~2, folder /schemas, 1 new, 1 gone: not backward compatible.\n");

            Result forward =
                    weir("schema", "check", "--against", "git:HEAD~2:schemas", schemas, "--compatibility", "forward");
            assertThat(forward.exitCode()).isZero();
            assertThat(forward.out()).endsWith("1 new, 1 gone: forward compatible.\n");

            assertThat(weir("schema", "check", "--against", "git:HEAD", schemas).exitCode())
                    .isZero();
            Result unknown = weir("schema", "check", "--against", "git:nowhere", schemas);
            assertThat(unknown.exitCode()).isEqualTo(2);
            assertThat(unknown.err()).contains("nowhere is neither a folder nor a revision");
        }
    }

    @Test
    void foldersAreComparedAndProgramsGetJson() throws IOException {
        Path old = folder("old", Map.of("a/orders.avsc", order(ID)));
        Path now = folder("now", Map.of("a/orders.avsc", order(NOTE), "b.proto", "message B {}", ".hidden.avsc", "?"));

        Result result = weir(
                "schema", "check", "--against", old.toString(), now.toString(), "--compatibility", "full", "--json");
        assertThat(result.exitCode()).isEqualTo(1);
        JsonNode answer = new ObjectMapper().readTree(result.out());
        assertThat(answer.path("compatible").asBoolean(true)).isFalse();
        assertThat(answer.path("compatibility").asText()).isEqualTo("full");
        assertThat(answer.path("compared").get(0).asText()).isEqualTo("a/orders.avsc");
        assertThat(answer.path("added").get(0).asText()).isEqualTo("b.proto");
        JsonNode breach = answer.path("breaches").get(0);
        assertThat(breach.path("file").asText()).isEqualTo("a/orders.avsc");
        assertThat(breach.path("direction").asText()).isEqualTo("BACKWARD");
        assertThat(breach.path("path").asText()).isEqualTo("note");

        assertThat(weir("schema", "check", "--against", old.toString(), now.toString(), "--compatibility", "forward")
                        .out())
                .contains("1 compared", "1 new");
    }

    @Test
    void otherFormatsAreComparedByTheirRules() throws IOException {
        Path old = folder(
                "old", Map.of("o.proto", "message O { optional int32 a = 1; }", "o.json", "{\"type\": \"integer\"}"));
        Path now = folder(
                "now", Map.of("o.proto", "message O { optional string a = 1; }", "o.json", "{\"type\": \"string\"}"));
        Result result = weir("schema", "check", "--against", old.toString(), now.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains(
                        "o.json: a consumer with the new schema cannot read records of the old one: "
                                + "the new schema does not take integer, which the old one does\n",
                        "o.proto: at O.a: ",
                        "2 compared");
    }

    @Test
    void mistakesAreNamed() throws IOException {
        Path good = folder("good", Map.of("orders.avsc", order(ID)));
        Path bad = folder("bad", Map.of("orders.avsc", "{\"type\": \"recrod\"}"));
        Path empty = folder("empty", Map.of());

        assertFails("bad: orders.avsc: ", "--against", good.toString(), bad.toString());
        assertFails("bad: orders.avsc: ", "--against", bad.toString(), good.toString());
        assertFails("schema (*.avsc, *.json, *.proto)", "--against", empty.toString(), empty.toString());
        assertFails(
                "nowhere is no folder",
                "--against",
                good.toString(),
                dir.resolve("nowhere").toString());
        assertFails(
                "expected backward, forward or full",
                "--against",
                good.toString(),
                good.toString(),
                "--compatibility",
                "both");
        assertFails("Missing required option: '--against", good.toString());
    }

    private static void assertFails(String why, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "schema";
        all[1] = "check";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        Result result = weir(all);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(why);
        assertThat(result.out()).isEmpty();
    }

    private Path folder(String name, Map<String, String> files) throws IOException {
        Path folder = Files.createDirectories(dir.resolve(name));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return folder;
    }

    private static String order(String fields) {
        return "{\"type\": \"record\", \"name\": \"Order\", \"fields\": [" + fields + "]}";
    }
}
