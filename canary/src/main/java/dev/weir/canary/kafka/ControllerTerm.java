package dev.weir.canary.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.canary.Gate;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.change.Controller;
import dev.weir.canary.change.ControllerStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One time in office: fences whoever had it before, reads the log, and does what the {@link Controller} says. Anything that goes wrong ends
 * it, and the next term reads what there is. One thread.
 */
final class ControllerTerm implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerTerm.class);
    private static final Duration REST = Duration.ofMillis(20);
    private static final Duration READ = Duration.ofMillis(200);
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final TopicPartition LOG_PARTITION = new TopicPartition(ChangeTopics.LOG, 0);

    private final ChangeTimes times;
    private final Supplier<Collection<CanaryPlan>> plans;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> beats;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> log;
    /** When a canary's change was given up: a pause follows, in which its topics are served. */
    private final Map<String, Long> abortedNanos = new HashMap<>();

    private Controller controller;

    ControllerTerm(
            ClientSettings clients,
            ChangeTimes times,
            Supplier<Collection<CanaryPlan>> plans,
            Admin admin,
            KafkaConsumer<byte[], byte[]> beats) {
        this.times = times;
        this.plans = plans;
        this.admin = admin;
        this.beats = beats;
        this.producer = clients.producer(Map.of(
                "transactional.id",
                ChangeTopics.CONTROLLER_TRANSACTIONAL_ID,
                "transaction.timeout.ms",
                TIMEOUT_MILLIS,
                "linger.ms",
                0,
                "max.block.ms",
                TIMEOUT_MILLIS,
                "delivery.timeout.ms",
                TIMEOUT_MILLIS,
                "request.timeout.ms",
                TIMEOUT_MILLIS / 2));
        this.log = clients.logReader();
        this.controller = new Controller(times, new ChangeLog(), System.nanoTime());
    }

    /** Fences earlier controllers, then reads the log to its end. */
    void begin(ConsumerRecords<byte[], byte[]> early) {
        producer.initTransactions();
        ChangeLog read = new ChangeLog();
        log.assign(List.of(LOG_PARTITION));
        log.seekToBeginning(List.of(LOG_PARTITION));
        // nobody writes any more, and no transaction is open: this is the end
        long end = Objects.requireNonNull(log.endOffsets(List.of(LOG_PARTITION)).get(LOG_PARTITION));
        while (log.position(LOG_PARTITION) < end) {
            log.poll(READ).forEach(record -> read.apply(ChangeMessages.event(record.value())));
        }
        controller = new Controller(times, read, System.nanoTime());
        hear(early);
    }

    /** Takes what there is of beats, and does one thing. */
    void step() throws InterruptedException {
        for (CanaryPlan plan : plans.get()) {
            Long aborted = abortedNanos.get(plan.name());
            if (aborted == null || System.nanoTime() - aborted > times.changeNanos()) {
                controller.wish(plan.name(), plan.weight(), plan.handover());
            }
        }
        ControllerStep step = controller.next(System.nanoTime());
        if (step instanceof ControllerStep.Write write) {
            write(write);
        } else if (step instanceof ControllerStep.ReadEnds read) {
            readEnds(read);
        } else if (step instanceof ControllerStep.ReadCommitted read) {
            CanaryPlan plan = plan(read.canary());
            if (plan != null) { // else nobody knows its groups any more, and what waits goes on waiting
                controller.readCommitted(read, reached(plan, read.gates()));
            }
        }
        hear(beats.poll(step instanceof ControllerStep.Rest ? REST : Duration.ZERO));
    }

    private void readEnds(ControllerStep.ReadEnds read) throws InterruptedException {
        CanaryPlan plan = plan(read.canary());
        if (plan == null) {
            controller.giveUp(read.canary(), "policy has no such canary any more");
        } else {
            controller.readEnds(read, ends(plan));
        }
    }

    private void hear(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                controller.hear(ChangeMessages.beat(record.value()), System.nanoTime());
            } catch (InvalidProtocolBufferException e) {
                LOG.atWarn().addKeyValue("offset", record.offset()).log("a record in the topic of beats is none");
            }
        }
    }

    private void write(ControllerStep.Write write) {
        producer.beginTransaction();
        for (ChangeEvent event : write.events()) {
            producer.send(new ProducerRecord<>(ChangeTopics.LOG, ChangeMessages.bytes(event)));
        }
        producer.commitTransaction(); // throws when any of them could not be written
        controller.written(write, System.nanoTime());
        for (ChangeEvent event : write.events()) {
            tell(event);
        }
    }

    private void tell(ChangeEvent event) {
        if (event instanceof ChangeEvent.Committed committed) {
            LOG.atInfo()
                    .addKeyValue("canary", committed.canary())
                    .addKeyValue("epoch", committed.epoch())
                    .addKeyValue("weight", committed.table().weight())
                    .log("the weight of a canary has changed");
        } else if (event instanceof ChangeEvent.Aborted aborted) {
            abortedNanos.put(aborted.canary(), System.nanoTime());
            LOG.atWarn()
                    .addKeyValue("canary", aborted.canary())
                    .addKeyValue("epoch", aborted.epoch())
                    .addKeyValue("reason", aborted.reason())
                    .log("a change of a canary's weight was given up");
        }
    }

    private @Nullable CanaryPlan plan(String canary) {
        return plans.get().stream()
                .filter(plan -> plan.name().equals(canary))
                .findFirst()
                .orElse(null);
    }

    /** High watermarks: nobody has been served what is at or beyond them. */
    private Map<PartitionRef, Long> ends(CanaryPlan plan) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        // asked of brokers each time: a client's own picture of a topic may be minutes old
        answer(admin.describeTopics(plan.topics()).allTopicNames())
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> latest.put(
                                new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest())));
        Map<PartitionRef, Long> ends = new HashMap<>();
        // what is replicated, whether or not its transaction has ended; and not by the consumer, whose question would
        // wait for its fetch
        answer(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
                .forEach((partition, end) -> ends.put(ref(partition), end.offset()));
        return ends;
    }

    private List<Gate> reached(CanaryPlan plan, List<Gate> gates) throws InterruptedException {
        List<Gate> reached = new ArrayList<>();
        for (Side side : Side.values()) {
            List<Gate> waiting =
                    gates.stream().filter(gate -> gate.waitsFor() == side).toList();
            if (!waiting.isEmpty()) {
                String group = side == Side.STABLE ? plan.stableGroup() : plan.canaryGroup();
                Map<TopicPartition, OffsetAndMetadata> committed =
                        answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
                for (Gate gate : waiting) {
                    OffsetAndMetadata offset = committed.get(new TopicPartition(
                            gate.partition().topic(), gate.partition().partition()));
                    if (offset != null && offset.offset() >= gate.fence()) {
                        reached.add(gate);
                    }
                }
            }
        }
        return reached;
    }

    private static PartitionRef ref(TopicPartition partition) {
        return new PartitionRef(partition.topic(), partition.partition());
    }

    private static <T> T answer(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        log.close();
    }
}
