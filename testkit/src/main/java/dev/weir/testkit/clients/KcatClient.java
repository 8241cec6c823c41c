package dev.weir.testkit.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.testkit.clients.ClientReport.Acked;
import dev.weir.testkit.clients.ClientReport.Failure;
import dev.weir.testkit.clients.ClientReport.Received;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code kcat}: itself, with no program of ours around it, so its report is read from what it prints for people.
 *
 * @param properties further properties of librdkafka, for example {@code isolation.level=read_uncommitted}
 * @param hosts a file in the form of {@code /etc/hosts} that it resolves names with, or null for the system's resolver
 */
public record KcatClient(
        Map<String, String> properties, @Nullable Path hosts) implements KafkaClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BROKER_ERROR = Pattern.compile("Broker: ([A-Za-z ]+)");

    public KcatClient {
        properties = Map.copyOf(properties);
    }

    public KcatClient() {
        this(Map.of());
    }

    public KcatClient(Map<String, String> properties) {
        this(properties, null);
    }

    /** Resolves names with this file before the system's resolver. */
    public KcatClient withHosts(Path file) {
        return new KcatClient(properties, file);
    }

    @Override
    public String name() {
        return "kcat" + (properties.isEmpty() ? "" : properties);
    }

    @Override
    public RunningClient start(ClientTask task, ClientAccess access, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(
                "timeout",
                Long.toString(GIVES_UP_AFTER.toSeconds()),
                "kcat",
                "-X",
                "topic.metadata.refresh.interval.ms=5000"));
        access.librdkafkaProperties().forEach((name, value) -> command.addAll(List.of("-X", name + "=" + value)));
        properties.forEach((name, value) -> command.addAll(List.of("-X", name + "=" + value)));
        String input = "";
        if (task instanceof ClientTask.Produce produce) {
            command.addAll(List.of("-P", "-t", produce.topic(), "-K", ":", "-X", "enable.idempotence=true"));
            if (!produce.transactionalId().isEmpty()) {
                command.addAll(List.of("-X", "transactional.id=" + produce.transactionalId()));
            }
            input = IntStream.range(0, produce.count())
                    .mapToObj(i -> "k" + i + ":" + produce.valuePrefix() + i + "\n")
                    .collect(Collectors.joining());
        } else if (task instanceof ClientTask.Write write) {
            if (write.compressions().size() != 1) {
                throw new IllegalArgumentException("one kcat knows one compression");
            }
            command.addAll(List.of("-P", "-t", write.topic(), "-K", ":", "-D", "|", "-X", "enable.idempotence=true"));
            command.addAll(List.of("-Z", "-z", write.compressions().get(0), "-X", "batch.num.messages=1"));
            input = write.records().stream().map(KcatClient::text).collect(Collectors.joining("|"));
        } else if (task instanceof ClientTask.Consume consume) {
            command.addAll(List.of("-J", "-u"));
            command.addAll(consume.toTheEnd() ? List.of("-e") : List.of("-c", Integer.toString(consume.count())));
            command.addAll(List.of("-X", "auto.offset.reset=earliest", "-G", consume.group()));
            command.addAll(consume.topics());
        } else {
            command.addAll(List.of("-L", "-J"));
        }
        return new RunningClient(
                ClientProcess.start(command, withHosts(environment), input),
                (process, endedWell) -> report(task, process, endedWell));
    }

    private static String text(ClientTask.Write.Message record) {
        return text(record.key() == null ? "" : record.key()) + ":" + text(record.value());
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    private Map<String, String> withHosts(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        if (hosts != null) {
            all.put("LD_PRELOAD", "libnss_wrapper.so");
            all.put("NSS_WRAPPER_HOSTS", hosts.toString());
        }
        return all;
    }

    @Override
    public String toString() {
        return name();
    }

    private static ClientReport report(ClientTask task, ClientProcess process, boolean endedWell) {
        List<Acked> acked = new ArrayList<>();
        List<Received> received = new ArrayList<>();
        Set<String> topics = new TreeSet<>();
        if (task instanceof ClientTask.Produce produce) {
            if (endedWell) {
                // It ends well only when every record was delivered, and does not say where.
                IntStream.range(0, produce.count()).forEach(i -> acked.add(new Acked(-1, -1)));
            }
        } else {
            for (String line : process.out()) {
                JsonNode json = json(line);
                json.path("topics")
                        .forEach(topic -> topics.add(topic.path("topic").asText()));
                if (json.has("payload")) {
                    received.add(new Received(
                            json.path("partition").asInt(),
                            json.path("offset").asLong(),
                            json.path("key").asText(),
                            json.path("payload").asText()));
                }
            }
        }
        return new ClientReport(acked, received, topics, Set.of(), failures(process.err()), endedWell);
    }

    private static List<Failure> failures(List<String> lines) {
        List<Failure> failures = new ArrayList<>();
        for (String line : lines) {
            Matcher broker = BROKER_ERROR.matcher(line);
            if (broker.find()) {
                String code = broker.group(1).strip().toUpperCase(Locale.ROOT).replace(' ', '_');
                failures.add(new Failure(code, line));
            } else if (line.contains("SASL authentication error")) {
                failures.add(new Failure("SASL_AUTHENTICATION_FAILED", line));
            } else if (line.startsWith("% ERROR: ")) {
                failures.add(new Failure("LOCAL", line));
            }
        }
        return failures;
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("kcat printed what is no JSON: " + line, e);
        }
    }
}
