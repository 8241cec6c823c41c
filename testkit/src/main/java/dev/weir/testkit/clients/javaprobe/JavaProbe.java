package dev.weir.testkit.clients.javaprobe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Does one task with the Kafka client on its class path; arguments are {@code name=value}. */
public final class JavaProbe {

    private static final String CLIENT = "client.";
    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, String> arguments;
    private final Properties client;
    private final long timeoutMillis;
    private final Events events;

    private JavaProbe(Map<String, String> arguments, Events events) {
        this.arguments = arguments;
        this.events = events;
        this.timeoutMillis = Long.parseLong(argument("timeout.millis"));
        this.client = new Properties();
        arguments.forEach((name, value) -> {
            if (name.startsWith(CLIENT)) {
                client.put(name.substring(CLIENT.length()), value);
            }
        });
    }

    /** Ends with 0 if the task was done, with 1 if not; why is in the last event. */
    public static void main(String[] args) {
        Map<String, String> arguments = new HashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            arguments.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        PrintStream stdout = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Events events = new Events(stdout);
        try {
            new JavaProbe(arguments, events).run();
            events.done();
        } catch (Exception e) {
            events.failed(e);
            System.exit(1);
        }
    }

    private void run() throws ExecutionException, InterruptedException, TimeoutException {
        switch (argument("action")) {
            case "produce" -> produce();
            case "write" -> write();
            case "consume" -> consume();
            case "describe" -> describe();
            default -> throw new IllegalArgumentException("unknown action " + argument("action"));
        }
    }

    private void producerDefaults() {
        withDefault("enable.idempotence", "true");
        withDefault("acks", "all");
        withDefault("max.block.ms", Long.toString(timeoutMillis));
        withDefault("request.timeout.ms", "5000");
        withDefault("delivery.timeout.ms", Long.toString(timeoutMillis));
    }

    private void write() throws InterruptedException {
        producerDefaults();
        for (String compression : argument("compressions").split(",", -1)) {
            client.put("compression.type", compression);
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (String record : argument("records").split(",", -1)) {
                    String[] parts = record.split(":", -1);
                    byte[] key = parts[0].equals("-") ? null : HexFormat.of().parseHex(parts[0]);
                    byte[] value = HexFormat.of().parseHex(parts[1]);
                    try {
                        RecordMetadata acked = producer.send(new ProducerRecord<>(argument("topic"), key, value))
                                .get();
                        events.acked(acked.partition(), acked.offset());
                    } catch (ExecutionException e) {
                        events.failed(e);
                    }
                }
            }
        }
    }

    private void produce() throws ExecutionException, InterruptedException {
        String transactionalId = argument("transactional.id");
        producerDefaults();
        if (!transactionalId.isEmpty()) {
            client.put("transactional.id", transactionalId);
        }
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            if (!transactionalId.isEmpty()) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            String prefix = new String(HexFormat.of().parseHex(argument("value.prefix.hex")), StandardCharsets.UTF_8);
            for (int i = 0; i < Integer.parseInt(argument("count")); i++) {
                ProducerRecord<String, String> sent = new ProducerRecord<>(argument("topic"), "k" + i, prefix + i);
                RecordMetadata acked = producer.send(sent).get();
                events.acked(acked.partition(), acked.offset());
            }
            if (!transactionalId.isEmpty()) {
                producer.commitTransaction();
            }
        }
    }

    private void consume() throws TimeoutException {
        withDefault("auto.offset.reset", "earliest");
        withDefault("isolation.level", "read_committed");
        withDefault("enable.auto.commit", "false");
        client.put("group.id", argument("group"));
        int missing = Integer.parseInt(argument("count"));
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(argument("topic").split(",")));
            boolean toTheEnd = Boolean.parseBoolean(argument("to.the.end"));
            while (missing > 0 || (toTheEnd && !isAtTheEnd(consumer))) {
                if (System.nanoTime() > deadlineNanos) {
                    throw new TimeoutException(missing > 0 ? missing + " records are missing" : "it is not at the end");
                }
                for (ConsumerRecord<String, String> received : consumer.poll(POLL)) {
                    events.received(received.partition(), received.offset(), received.key(), received.value());
                    missing--;
                }
            }
            consumer.commitSync();
        }
    }

    /** Its position is behind all that there is, whether it was given that or not. */
    private static boolean isAtTheEnd(KafkaConsumer<String, String> consumer) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void describe() throws ExecutionException, InterruptedException, TimeoutException {
        withDefault("request.timeout.ms", Long.toString(timeoutMillis));
        try (AdminClient admin = AdminClient.create(client)) {
            for (String topic : admin.listTopics().names().get(timeoutMillis, TimeUnit.MILLISECONDS)) {
                events.topic(topic);
            }
            String group = argument("group");
            if (!group.isEmpty()) {
                admin.describeConsumerGroups(List.of(group)).all().get(timeoutMillis, TimeUnit.MILLISECONDS);
                events.group(group);
            }
        }
    }

    private void withDefault(String property, String value) {
        client.putIfAbsent(property, value);
    }

    private String argument(String name) {
        String value = arguments.get(name);
        if (value == null) {
            throw new IllegalArgumentException("argument " + name + "=... is missing");
        }
        return value;
    }
}
