package dev.weir.proxy.canary;

import dev.weir.canary.Side;
import dev.weir.testkit.await.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A {@link LedgerReader} in a process of its own, which is killed: a consumer of KIP-848 that is closed leaves its group, whatever its close is told.
 * The process says what it has processed, and commits it when it is answered; so the ledger knows of all that is committed.
 */
final class LedgerProcess implements AutoCloseable {
    private static final String END_OF_BATCH = ".";

    private final SidesLedger ledger;
    private final Side side;
    private final Process process;
    private final Thread thread;
    private volatile boolean crashing;
    private volatile boolean stopping;

    private LedgerProcess(SidesLedger ledger, Side side, Process process) {
        this.ledger = ledger;
        this.side = side;
        this.process = process;
        this.thread = new Thread(this::run, "ledger-of-a-process");
    }

    /** @param settings of its consumer, as {@link LedgerReader#settings} has them; their values are text or numbers */
    static LedgerProcess start(SidesLedger ledger, Side side, String topic, Map<String, ?> settings)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                LedgerProcess.class.getName(),
                topic));
        settings.forEach((name, value) -> command.add(name + "=" + value));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        LedgerProcess started = new LedgerProcess(ledger, side, process);
        started.thread.start();
        return started;
    }

    private void run() {
        List<Processed> batch = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                Writer answers = process.outputWriter(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.equals(END_OF_BATCH)) {
                    Processed.parse(line, batch);
                    continue;
                }
                batch.forEach(one -> ledger.processed(side, one.record(), one.partition(), one.offset()));
                if (crashing) {
                    batch.forEach(one -> ledger.crashedWith(one.record()));
                    process.destroyForcibly();
                    return;
                }
                batch.clear();
                answers.write("\n");
                answers.flush();
            }
            throw new IOException("it ended by itself");
        } catch (IOException e) {
            if (!stopping) {
                ledger.failed("a process of " + side, e);
            }
        }
    }

    /** Kills it when it has processed some records, before they are committed. Its group hears nothing, and waits for its session to end. */
    void crash() throws InterruptedException {
        crashing = true;
        thread.join(Patience.SETTLED.toMillis());
        if (thread.isAlive()) {
            ledger.failed("a process of " + side, new IllegalStateException("there is nothing to crash with"));
        }
        close();
    }

    @Override
    public void close() {
        stopping = true;
        process.destroyForcibly();
        LedgerWriter.join(thread);
    }

    /** One line of the process; any others are of its log. */
    private record Processed(int partition, long offset, String record) {
        private static final String MARK = "record ";

        static void parse(String line, List<Processed> to) {
            if (line.startsWith(MARK)) {
                String[] parts = line.split(" ", -1);
                to.add(new Processed(Integer.parseInt(parts[1]), Long.parseLong(parts[2]), parts[3]));
            }
        }

        static String line(ConsumerRecord<byte[], byte[]> record) {
            return MARK + record.partition() + " " + record.offset() + " "
                    + new String(record.value(), StandardCharsets.UTF_8);
        }
    }

    /** The process itself: the topic, and settings as {@code name=value}. It ends with the process that started it. */
    public static void main(String[] args) throws IOException {
        Map<String, Object> settings = new HashMap<>();
        for (String setting : List.of(args).subList(1, args.length)) {
            int equals = setting.indexOf('=');
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        BufferedReader answers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(args[0]));
            while (parent.isAlive()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
                if (!records.isEmpty()) {
                    records.forEach(record -> System.out.println(Processed.line(record)));
                    System.out.println(END_OF_BATCH);
                    System.out.flush();
                    if (answers.readLine() == null) {
                        return;
                    }
                }
                try {
                    consumer.commitSync(Duration.ofSeconds(10));
                } catch (KafkaException e) {
                    // a rebalance came between: what is not committed comes again, to the same side
                }
            }
        }
    }
}
