package dev.weir.canary.kafka;

import dev.weir.canary.change.ChangeLog;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** The log of changes, as earlier controllers have left it. */
final class WrittenLog {
    private static final Duration READ = Duration.ofMillis(200);

    private WrittenLog() {}

    /** Reads it to its end; by a controller that has fenced those before it. */
    static ChangeLog read(ClientSettings clients) {
        ChangeLog read = new ChangeLog();
        try (KafkaConsumer<byte[], byte[]> log = clients.reader(ChangeTopics.LOG_PARTITION)) {
            // nobody writes any more, and no transaction is open: this is the end
            long end = Objects.requireNonNull(
                    log.endOffsets(List.of(ChangeTopics.LOG_PARTITION)).get(ChangeTopics.LOG_PARTITION));
            while (log.position(ChangeTopics.LOG_PARTITION) < end) {
                log.poll(READ).forEach(record -> read.apply(ChangeMessages.event(record.value())));
            }
        }
        return read;
    }
}
