package dev.weir.cli.schema;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.registry.FakeRegistry;
import dev.weir.testkit.registry.FakeRegistry.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryCheckTest {
    private static final String ID = "{\"name\": \"id\", \"type\": \"long\"}";
    private static final String NOTE = ", {\"name\": \"note\", \"type\": \"string\", \"default\": \"\"}";

    @TempDir
    private Path dir;

    private final FakeRegistry registry = FakeRegistry.start();
    private Path schemas;

    @BeforeEach
    void makeFolder() throws IOException {
        schemas = Files.createDirectories(dir.resolve("schemas/team"));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static String order(String fields) {
        return "{\"type\": \"record\", \"name\": \"Order\", \"fields\": [" + fields + "]}";
    }

    private Result check(String... more) {
        return checkAt(registry, more);
    }

    private Result checkAt(FakeRegistry at, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "schema",
                "check",
                "--against",
                at.url().toString(),
                dir.resolve("schemas").toString()));
        arguments.addAll(List.of(more));
        return weir(arguments.toArray(new String[0]));
    }

    @Test
    void theLatestVersionCountsUnlessAllAreAskedFor() throws IOException {
        registry.register("orders-value", order(ID + NOTE.replace(", \"default\": \"\"", "")));
        registry.register("orders-value", order(ID + NOTE));
        Files.writeString(schemas.resolve("orders-value.avsc"), order(ID));
        Files.writeString(schemas.resolve("new-value.avsc"), "\"string\"");

        Result latest = check("--compatibility", "forward");
        assertThat(latest.err()).isEmpty();
        assertThat(latest.exitCode()).isZero();
        assertThat(latest.out())
                .isEqualTo("1 compared with " + registry.url() + ", 1 new, 0 gone: forward compatible.\n");

        Result all = check("--compatibility", "forward-transitive");
        assertThat(all.exitCode()).isEqualTo(1);
        assertThat(all.out())
                .isEqualTo(
                        "team/orders-value.avsc (version 1): at note: a consumer with the old schema cannot read records"
                                + " of the new one: the field is gone, and had no default; keep it, or give it a default in a"
                                + " version before this\n1 compared with " + registry.url()
                                + ", 1 new, 0 gone: not forward-transitive compatible.\n");

        JsonNode breach = new ObjectMapper()
                .readTree(check("--compatibility", "full-transitive", "--json").out())
                .path("breaches")
                .get(0);
        assertThat(breach.path("version").asInt()).isEqualTo(1);
        assertThat(breach.path("file").asText()).isEqualTo("team/orders-value.avsc");
    }

    @Test
    void referencesOfTheRegistryAreFollowed() throws IOException {
        String line = "{\"type\": \"record\", \"name\": \"Line\", \"fields\": [" + ID + "]}";
        registry.register("line", line);
        registry.register(
                "orders-value", order("{\"name\": \"line\", \"type\": \"Line\"}"), new Reference("Line", "line", 1));
        Files.writeString(schemas.resolve("orders-value.avsc"), order("{\"name\": \"line\", \"type\": \"Line\"}"));
        Files.writeString(schemas.resolve("Line.avsc"), line.replace("long", "string"));

        Result result = check();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).startsWith("team/orders-value.avsc (version 1): at line.id: ");
    }

    /** What is imported is kept under any subject, by whoever registered it. */
    @Test
    void whatAProtobufFileImportsIsComparedToo() throws IOException {
        String money = "syntax = \"proto3\"; package shop; message Money { int64 units = 1; }";
        String order =
                "syntax = \"proto3\"; package shop; import \"common/money.proto\"; message Order { Money price = 1; }";
        registry.register("PROTOBUF", "money-of-all", money);
        Reference reference = new Reference("common/money.proto", "money-of-all", 1);
        registry.register("PROTOBUF", "orders-value", order, reference);
        registry.register("PROTOBUF", "refunds-value", order + " // refund", reference);
        Files.writeString(schemas.resolve("orders-value.proto"), order);
        Files.writeString(schemas.resolve("refunds-value.proto"), order);
        Files.writeString(schemas.resolve("alone.proto"), "syntax = \"proto3\";");
        Path file = Files.writeString(
                Files.createDirectories(schemas.resolve("common")).resolve("money.proto"), money);

        Result same = check();
        assertThat(same.err()).isEmpty();
        assertThat(same.out())
                .isEqualTo("3 compared with " + registry.url() + ", 1 new, 0 gone: backward compatible.\n");
        assertThat(same.exitCode()).isZero();

        Files.writeString(file, money.replace("int64", "string"));
        Result broken = check();
        assertThat(broken.out())
                .startsWith("team/common/money.proto: at shop.Money.units: ")
                .endsWith("\n3 compared with " + registry.url() + ", 1 new, 0 gone: not backward compatible.\n")
                .hasLineCount(2);
        assertThat(broken.exitCode()).isEqualTo(1);
    }

    @Test
    void mistakesAreNamed() throws IOException {
        Path file = Files.writeString(schemas.resolve("orders-value.avsc"), order(ID));
        assertFails(check("--compatibility", "both"), "each also with -transitive");
        assertFails(
                weir(
                        "schema",
                        "check",
                        "--against",
                        schemas.toString(),
                        schemas.toString(),
                        "--compatibility",
                        "full-transitive"),
                "only a registry has all versions");
        assertFails(check("--registry-username", "weir"), "--registry-username with --registry-password-file");
        assertFails(check("--registry-token-file", "nowhere"), "nowhere cannot be read");
        assertFails(
                weir(
                        "schema",
                        "check",
                        "--against",
                        "http://registry.example",
                        schemas.toString(),
                        "--registry-token-file",
                        file.toString()),
                "the secret would go over the network");
        registry.failWith(500, null);
        assertFails(check(), registry.url() + ", subject orders-value: it failed: 500");
        registry.beWell();
        registry.register("JSON", "orders-value", "{}");
        assertFails(check(), "team/orders-value.avsc is of another format than orders-value version 1");
        Path copy = Files.copy(file, schemas.resolveSibling("orders-value.avsc"));
        assertFails(check(), "are both of subject orders-value");
        Files.delete(copy);
        registry.stop();
        assertFails(check(), "it cannot be reached");
    }

    private static void assertFails(Result result, String why) {
        assertThat(result.err()).contains(why);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void logsInOverTls() throws IOException {
        Files.writeString(schemas.resolve("orders-value.avsc"), order(ID));
        TestCa ca = TestCa.create(dir, "ca");
        String password = Files.writeString(dir.resolve("password"), "secret\n").toString();
        try (FakeRegistry secure = FakeRegistry.start(ca.issue(CertificateSpec.server()))) {
            secure.require("Basic d2VpcjpzZWNyZXQ=");
            assertFails(checkAt(secure), "TLS with it fails");
            assertFails(checkAt(secure, "--registry-trust", ca.pem().toString()), "it does not let Weir read: 401");
            assertThat(checkAt(
                                    secure,
                                    "--registry-trust",
                                    ca.pem().toString(),
                                    "--registry-username",
                                    "weir",
                                    "--registry-password-file",
                                    password)
                            .exitCode())
                    .isZero();
        }
    }
}
