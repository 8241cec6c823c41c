package dev.weir.testkit.clients;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client process is to do before it ends. */
public sealed interface ClientTask {

    /** As {@code name=value} arguments of the programs around the libraries. */
    Map<String, String> arguments();

    /**
     * Produces records with the keys {@code k0, k1, ...} and the values {@code <valuePrefix>0, <valuePrefix>1, ...}, idempotent, one
     * after the other.
     *
     * @param transactionalId all of them in one transaction of this id; empty for none
     */
    record Produce(String topic, int count, String valuePrefix, String transactionalId) implements ClientTask {

        public Produce(String topic, int count) {
            this(topic, count, "v", "");
        }

        @Override
        public Map<String, String> arguments() {
            return named(
                    "action",
                    "produce",
                    "topic",
                    topic,
                    "count",
                    Integer.toString(count),
                    "value.prefix.hex",
                    HexFormat.of().formatHex(valuePrefix.getBytes(StandardCharsets.UTF_8)),
                    "transactional.id",
                    transactionalId);
        }
    }

    /** Consumes as a member of a group, from the earliest offset, read committed, commits, and leaves the group. */
    record Consume(List<String> topics, String group, int count) implements ClientTask {

        public Consume(String topic, String group, int count) {
            this(List.of(topic), group, count);
        }

        @Override
        public Map<String, String> arguments() {
            String all = String.join(",", topics);
            return named("action", "consume", "topic", all, "group", group, "count", Integer.toString(count));
        }
    }

    /** Lists topics and, where the library can, describes one group; no group if the name is empty. */
    record Describe(String group) implements ClientTask {

        @Override
        public Map<String, String> arguments() {
            return named("action", "describe", "group", group);
        }
    }

    private static Map<String, String> named(String... namesAndValues) {
        Map<String, String> arguments = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return arguments;
    }
}
