package dev.weir.cli.schema;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.testkit.registry.Apicurio;
import dev.weir.testkit.registry.FakeRegistry.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a registry, and a real one. */
class RealRegistryCommandsIT {
    private static final String LINE = """
            {"type": "record", "name": "Line", "namespace": "shop", "fields": [{"name": "sku", "type": "string"}]}""";
    private static final String ORDER = """
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [{"name": "line", "type": "shop.Line"}]}""";
    private static final String PAYMENT = """
            syntax = "proto3";
            message Payment { string id = 1; int64 cents = 2; }
            """;

    private static Apicurio registry;
    private static int orderId;

    @TempDir
    private Path dir;

    private Path schemas;

    @BeforeAll
    static void start() {
        registry = Apicurio.start(Path.of("target/apicurio"));
        registry.register("line", LINE, List.of());
        orderId = registry.register("orders-value", ORDER, List.of(new Reference("shop.Line", "line", 1)));
        registry.register("PROTOBUF", "payments-value", PAYMENT, List.of());
        registry.register(
                "JSON",
                "clicks-value",
                "{\"type\": \"object\", \"properties\": {\"at\": {\"type\": \"integer\"}}}",
                List.of());
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @BeforeEach
    void sameAsRegistered() throws IOException {
        schemas = Files.createDirectories(dir.resolve("schemas"));
        Files.writeString(schemas.resolve("line.avsc"), LINE);
        Files.writeString(schemas.resolve("orders-value.avsc"), ORDER);
        Files.writeString(schemas.resolve("payments-value.proto"), PAYMENT);
        Files.writeString(
                schemas.resolve("clicks-value.json"),
                "{\"type\": \"object\", \"properties\": {\"at\": {\"type\": \"integer\"}}}");
    }

    private Result check() {
        return weir(
                "schema",
                "check",
                "--compatibility",
                "full-transitive",
                "--against",
                registry.url().toString(),
                schemas.toString());
    }

    @Test
    void whatIsRegisteredIsCompatibleWithItself() {
        Result result = check();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .isEqualTo("4 compared with " + registry.url() + ", 0 new, 0 gone: full-transitive compatible.\n");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void whatBreaksAReferenceIsFound() throws IOException {
        Files.writeString(schemas.resolve("line.avsc"), LINE.replace("\"string\"", "\"long\""));
        Result result = check();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("line.avsc (version 1): at sku: ")
                .contains("orders-value.avsc (version 1): at line.sku: ")
                .endsWith("not full-transitive compatible.\n");
    }

    @Test
    void whatBreaksProtobufAndJsonIsFound() throws IOException {
        Files.writeString(schemas.resolve("payments-value.proto"), PAYMENT.replace("int64", "string"));
        Files.writeString(
                schemas.resolve("clicks-value.json"),
                "{\"type\": \"object\", \"properties\": {\"at\": {\"type\": \"string\"}}}");
        Result result = check();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("payments-value.proto (version 1): at Payment.cents: ")
                .contains("clicks-value.json (version 1): at at: ");
    }

    @Test
    void aRecordIsExplainedByWhatItsIdIs() throws IOException {
        Path record =
                Files.writeString(dir.resolve("record"), "00" + HexFormat.of().toHexDigits(orderId) + "0a61");
        Result result = weir(
                "schema",
                "explain",
                "--input",
                "hex",
                record.toString(),
                "--registry",
                registry.url().toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("schema id " + orderId + " of " + registry.url() + ": AVRO, registered for orders-value\n")
                .contains("at line.sku, byte 5 of the file: found a length of 5 with 1 byte left, expected a string");
    }
}
