package dev.weir.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.mesh.report.v1.Client;
import dev.weir.policy.decide.RuleRef;
import dev.weir.proxy.config.AuditConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Client OPERATOR = Client.newBuilder()
            .setListener("internal")
            .setPrincipal("User:operator")
            .setService("operator")
            .setMechanism("MTLS")
            .setTls(true)
            .setSource("10.1.2.3")
            .build();

    @TempDir
    Path folder;

    private static AuditRound created(String topic) {
        AuditRound round = new AuditRound();
        round.add(
                AuditEvent.admin(
                        "main",
                        OPERATOR,
                        "TOPIC",
                        topic,
                        "CREATE",
                        "CreateTopics",
                        36,
                        new RuleRef("admins/topics", "admins.yaml", 7, "r1")),
                1_767_225_600_000L);
        return round;
    }

    private AuditLines open(PrintStream out) throws IOException {
        return AuditLines.open(
                new AuditConfig(Optional.of(folder.resolve("audit.jsonl")), out != System.out), "weir-1", out);
    }

    @Test
    void aLineSaysWhoDidWhatByWhichRule() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AuditLines lines = open(new PrintStream(out, true, StandardCharsets.UTF_8));
        lines.write(created("orders"));
        lines.close();

        Path file = folder.resolve("audit.jsonl");
        JsonNode line = JSON.readTree(Files.readString(file));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(Files.readString(file));
        assertThat(line.toString())
                .isEqualTo("{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"admin\",\"count\":1,\"proxy\":\"weir-1\","
                        + "\"cluster\":\"main\",\"listener\":\"internal\",\"principal\":\"User:operator\","
                        + "\"service\":\"operator\",\"mechanism\":\"MTLS\",\"tls\":true,\"source\":\"10.1.2.3\","
                        + "\"operation\":\"CREATE\",\"resourceType\":\"TOPIC\",\"resourceName\":\"orders\","
                        + "\"rule\":\"admins/topics\",\"ruleAt\":\"admins.yaml:7\",\"policyRevision\":\"r1\","
                        + "\"api\":\"CreateTopics\",\"result\":\"TOPIC_ALREADY_EXISTS\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isIn("rw-r-----", "rw-------");
    }

    @Test
    void aFileThatWasMovedAwayIsBegunAnew() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        AuditLines lines = open(System.out);
        lines.write(created("first"));
        Files.move(file, folder.resolve("audit.jsonl.1"));
        lines.write(created("second"));
        lines.close();

        assertThat(Files.readString(folder.resolve("audit.jsonl.1")))
                .contains("first")
                .doesNotContain("second");
        assertThat(Files.readString(file)).contains("second").doesNotContain("first");
    }

    @Test
    void goesOnAfterWhatIsThere() throws IOException {
        Files.writeString(folder.resolve("audit.jsonl"), "{}\n");
        AuditLines lines = open(System.out);
        lines.write(created("orders"));
        lines.close();

        assertThat(Files.readAllLines(folder.resolve("audit.jsonl"))).hasSize(2);
    }
}
