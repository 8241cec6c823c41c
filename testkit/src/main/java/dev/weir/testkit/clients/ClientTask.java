package dev.weir.testkit.clients;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /**
     * Writes records one after the other, each when it is known what became of the one before, and goes on whether it was taken or
     * refused; idempotent where the library can. Every compression is used by a producer of its own. kcat does not wait: it writes
     * each in a batch of its own, with several on their way.
     *
     * @param compressions by Kafka's names
     */
    record Write(String topic, List<Message> records, List<String> compressions) implements ClientTask {

        /** What to write, in hexadecimal; no key if it is null. */
        public record Message(@Nullable String key, String value) {
            /** Of these bytes. */
            public static Message of(byte @Nullable [] key, byte[] value) {
                HexFormat hex = HexFormat.of();
                return new Message(key == null ? null : hex.formatHex(key), hex.formatHex(value));
            }

            private String argument() {
                return (key == null ? "-" : key) + ":" + value;
            }
        }

        @Override
        public Map<String, String> arguments() {
            String all = records.stream().map(Message::argument).collect(Collectors.joining(","));
            return named(
                    "action", "write", "topic", topic, "records", all, "compressions", String.join(",", compressions));
        }
    }

    /**
     * Consumes as a member of a group, from the earliest offset, read committed, commits, and leaves the group.
     *
     * @param count how many records it waits for
     * @param toTheEnd whether it then reads on until its partitions end; kafka-python and @platformatic/kafka do not
     */
    record Consume(List<String> topics, String group, int count, boolean toTheEnd) implements ClientTask {

        public Consume(String topic, String group, int count) {
            this(List.of(topic), group, count, false);
        }

        @Override
        public Map<String, String> arguments() {
            String all = String.join(",", topics);
            return named(
                    "action",
                    "consume",
                    "topic",
                    all,
                    "group",
                    group,
                    "count",
                    Integer.toString(count),
                    "to.the.end",
                    Boolean.toString(toTheEnd));
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
