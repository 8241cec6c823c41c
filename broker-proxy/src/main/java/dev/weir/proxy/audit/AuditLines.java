package dev.weir.proxy.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Client;
import dev.weir.proxy.config.AuditConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit as JSON lines (RFC 8259, one object a line): to a file, to standard output, or both. A file that cannot be
 * written is tried again with each round; what was to go there is lost, counted and logged. One thread.
 */
public final class AuditLines {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLines.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String proxy;
    private final @Nullable AuditFile file;
    private final @Nullable PrintStream out;
    private long lost;

    private AuditLines(String proxy, @Nullable AuditFile file, @Nullable PrintStream out) {
        this.proxy = proxy;
        this.file = file;
        this.out = out;
    }

    /**
     * Opens what the configuration asks for.
     *
     * @param proxy the name of this proxy in reports
     * @throws IOException if the file cannot be written
     */
    public static AuditLines open(AuditConfig config, String proxy, PrintStream out) throws IOException {
        return new AuditLines(
                proxy,
                config.file().isEmpty() ? null : AuditFile.open(config.file().get()),
                config.stdout() ? out : null);
    }

    void write(AuditRound round) {
        List<Map.Entry<AuditEvent, AuditRound.Times>> events = new ArrayList<>(round.size());
        round.forEach((event, times) -> events.add(Map.entry(event, times)));
        events.sort(Comparator.comparingLong(entry -> entry.getValue().firstMillis()));
        StringBuilder lines = new StringBuilder();
        events.forEach(
                event -> lines.append(line(event.getKey(), event.getValue())).append('\n'));
        if (round.overflow() > 0) {
            lines.append(overflow(round.overflow())).append('\n');
        }
        String text = lines.toString();
        if (out != null) {
            out.print(text);
            out.flush();
        }
        if (file != null) {
            write(file, text, events.size());
        }
    }

    private void write(AuditFile to, String text, int events) {
        try {
            to.append(text.getBytes(StandardCharsets.UTF_8));
            if (lost > 0) {
                LOG.atWarn().addKeyValue("lost", lost).log("audit file can be written again");
                lost = 0;
            }
        } catch (IOException e) {
            if (lost == 0) {
                LOG.atError()
                        .addKeyValue("file", to.path())
                        .addKeyValue("error", FailureWords.ofItself(e))
                        .log("audit file cannot be written; what belongs there is lost until it can");
            }
            lost += events;
        }
    }

    private String line(AuditEvent event, AuditRound.Times times) {
        Audit audit = event.told();
        Client client = audit.getClient();
        ObjectNode line = MAPPER.createObjectNode();
        line.put("at", Instant.ofEpochMilli(times.firstMillis()).toString());
        if (times.count() > 1) {
            line.put("until", Instant.ofEpochMilli(times.lastMillis()).toString());
        }
        line.put("kind", word(audit.getKind()));
        line.put("count", times.count());
        put(line, "proxy", proxy);
        put(line, "cluster", event.cluster());
        put(line, "listener", client.getListener());
        put(line, "principal", client.getPrincipal());
        put(line, "service", client.getService());
        put(line, "version", client.getVersion());
        put(line, "clientId", client.getClientId());
        put(line, "software", (client.getSoftwareName() + " " + client.getSoftwareVersion()).strip());
        put(line, "mechanism", client.getMechanism());
        if (!client.getListener().isEmpty()) {
            line.put("tls", client.getTls());
        }
        put(line, "source", client.getSource());
        put(line, "operation", audit.getOperation());
        put(line, "resourceType", audit.getResourceType());
        put(line, "resourceName", audit.getResourceName());
        put(line, "rule", audit.getRule());
        put(line, "ruleAt", audit.getRuleAt());
        put(line, "policyRevision", audit.getPolicyRevision());
        put(line, "author", audit.getAuthor());
        put(line, "api", audit.getApi());
        if (audit.getKind() == Audit.Kind.ADMIN) {
            line.put("result", Errors.forCode((short) audit.getErrorCode()).name());
        }
        put(line, "reason", audit.getReason());
        put(line, "example", audit.getExample());
        return text(line);
    }

    private String overflow(long times) {
        ObjectNode line = MAPPER.createObjectNode();
        line.put("at", Instant.now().toString());
        line.put("kind", "overflow");
        line.put("count", times);
        put(line, "proxy", proxy);
        line.put("reason", "more happened in a second than is told of");
        return text(line);
    }

    private static void put(ObjectNode line, String name, String value) {
        if (!value.isEmpty()) {
            line.put(name, value);
        }
    }

    private static String text(ObjectNode line) {
        try {
            return MAPPER.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a line of the audit cannot be written", e);
        }
    }

    /** {@code logInFailed} for {@code LOG_IN_FAILED}, as the API spells it. */
    private static String word(Audit.Kind kind) {
        StringBuilder word = new StringBuilder();
        for (String part : kind.name().toLowerCase(Locale.ROOT).split("_", -1)) {
            word.append(word.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        }
        return word.toString();
    }

    void close() {
        if (file != null) {
            file.close();
        }
    }
}
