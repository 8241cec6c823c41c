package dev.weir.topology.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.Position;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.topology.TestProxy;
import dev.weir.topology.TopologyApp;
import dev.weir.topology.TopologySettings;
import dev.weir.topology.coverage.CoverageSettings;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupStatus;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.PolicyView.Objective;
import dev.weir.topology.view.SloView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lag as the topology shows it against what the clients themselves know, and against what a lag exporter would show, on
 * a real cluster behind two proxies: producers use one, consumers the other. Commits are told by the test, from what the
 * consumers know.
 */
class LagLedgerIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final long RUN_MILLIS = 20_000;
    private static final long SAMPLE_MILLIS = 200;
    /** How long it may take to show what happened: a round of the proxy and the way through Kafka, on a busy machine. */
    private static final long SHOWN_MILLIS = 3_000;

    private static final long ERROR_MILLIS_MAX = 1_500;
    /** Exporters ask every 30 seconds unless told; this is kinder. */
    private static final long POLL_MILLIS = 5_000;

    private static final LagSettings SETTINGS = new LagSettings(20_000, 8_000, 86_400_000, 5_000, 512, 64, 1_000);
    private static final Objective IN_TIME = new Objective(
            "in-time", "team", TestProxy.CLUSTER, "", "stopped", List.of("stopped"), 0.99, 5_000, 86_400_000);

    @TempDir
    static Path dir;

    private static EmbeddedKafka kafka;
    private static TestProxy producers;
    private static TestProxy consumers;
    private static TopologyApp app;
    private static ScheduledExecutorService threads;
    /** Of the tasks that run every so often. */
    private static final Queue<RuntimeException> FAILURES = new ConcurrentLinkedQueue<>();

    private static KafkaProducer<byte[], byte[]> teller;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.builder()
                .property("log.cleaner.backoff.ms", "200")
                .start();
        for (String topic : List.of("steady", "bursty", "stopped", "idle", "transactional", "bypassed")) {
            kafka.createTopic(topic, 1);
        }
        kafka.admin()
                .createTopics(List.of(new NewTopic("compacted", 1, (short) 1)
                        .configs(Map.of(
                                "cleanup.policy", "compact",
                                "segment.ms", "500",
                                "min.cleanable.dirty.ratio", "0.01"))))
                .all()
                .get();
        producers = new TestProxy(kafka.bootstrap(), "proxy-a");
        consumers = new TestProxy(kafka.bootstrap(), "proxy-b");
        app = TopologyApp.start(TopologySettings.of(kafka.bootstrap(), "one", dir)
                .withLag(SETTINGS)
                .withCoverage(
                        CoverageSettings.of(Map.of(TestProxy.CLUSTER, Map.of("bootstrap.servers", kafka.bootstrap())))
                                .every(2_000))
                .withPolicy(new Objectives()));
        teller = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer());
        threads = Executors.newScheduledThreadPool(12);
        await().atMost(SOON).until(() -> app.view().freshness().state() == Freshness.State.LIVE);
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
        teller.close(Duration.ZERO);
        app.close();
        consumers.close();
        producers.close();
        kafka.close();
    }

    /** A producer and a consumer of one partition, each with its own thread, and what they know. */
    private static final class Load implements AutoCloseable {
        private final String topic;
        private final LagTruth truth = new LagTruth();
        private final KafkaProducer<byte[], byte[]> producer;
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final PollingExporter exporter;
        private final TopicPartition partition;
        private final List<Long> errors = new ArrayList<>();
        private final List<Long> exporterErrors = new ArrayList<>();
        private boolean left;
        private long committed = -1;
        private long committedMillis;

        Load(String topic, Map<String, Object> producing) {
            this.topic = topic;
            this.partition = new TopicPartition(topic, 0);
            this.exporter = new PollingExporter(kafka.admin(), topic, topic);
            Map<String, Object> client = new HashMap<>(producing);
            client.put("bootstrap.servers", producers.bootstrap());
            client.put("client.id", "producer-of-" + topic);
            producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
            consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers",
                            consumers.bootstrap(),
                            "client.id",
                            "consumer-of-" + topic,
                            "group.id",
                            topic,
                            "isolation.level",
                            "read_committed",
                            "auto.offset.reset",
                            "earliest",
                            "enable.auto.commit",
                            "false"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            consumer.subscribe(List.of(topic));
        }

        synchronized void send(int records) {
            for (int i = 0; i < records; i++) {
                producer.send(
                        new ProducerRecord<>(topic, 0, new byte[] {(byte) (i % 3)}, new byte[20]),
                        (metadata, problem) -> {
                            if (problem == null) {
                                truth.appended(metadata.offset(), System.currentTimeMillis());
                            }
                        });
            }
            producer.flush();
        }

        /** Commits what was acknowledged before a time. */
        synchronized void commit(long acknowledgedMillis) {
            if (!left) {
                consumer.poll(Duration.ofMillis(20));
                long offset = truth.acknowledged(acknowledgedMillis);
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
                committed = offset;
                committedMillis = System.currentTimeMillis();
                truth.committed(offset, committedMillis);
            }
        }

        synchronized void poll() {
            if (!left) {
                consumer.poll(Duration.ofMillis(20));
            }
        }

        synchronized void leave() {
            left = true;
            consumer.close();
        }

        /** What a proxy tells of commits and fetches, from what the client knows; nothing once it has left. */
        synchronized Optional<Progress> progress(Header.Builder header) {
            if (left || committed < 0) {
                return Optional.empty();
            }
            long now = System.currentTimeMillis();
            return Optional.of(Progress.newBuilder()
                    .setHeader(header.setFromMillis(now - 1_000).setToMillis(now))
                    .setTopic(topic)
                    .setHighWatermark(-1)
                    .setLastStableOffset(-1)
                    .setLogStartOffset(-1)
                    .setLogEndOffset(-1)
                    .addOffsets(GroupOffset.newBuilder()
                            .setGroup(topic)
                            .setCommittedOffset(committed)
                            .setAtMillis(committedMillis))
                    .addPositions(Position.newBuilder()
                            .setGroup(topic)
                            .setFetchOffset(consumer.position(partition))
                            .setDeliveredOffset(-1)
                            .setAtMillis(now))
                    .build());
        }

        void sample(long nowMillis, List<GroupLag> groups) {
            groups.stream()
                    .filter(group -> group.group().equals(topic) && group.lagMillis() >= 0)
                    .forEach(group -> errors.add(truth.errorMillis(group.lagMillis(), nowMillis, SHOWN_MILLIS)));
            if (exporter.lagMillis() >= 0) {
                exporterErrors.add(truth.errorMillis(exporter.lagMillis(), nowMillis, SHOWN_MILLIS));
            }
        }

        String figures() {
            return "%s: weir mean %.0f ms, worst %d ms; polling every %d ms mean %.0f ms, worst %d ms%n"
                    .formatted(
                            topic,
                            mean(errors),
                            worst(errors),
                            POLL_MILLIS,
                            mean(exporterErrors),
                            worst(exporterErrors));
        }

        @Override
        public void close() {
            if (!left) {
                leave();
            }
            producer.close();
        }
    }

    private static double mean(List<Long> errors) {
        return errors.stream().mapToLong(Long::longValue).average().orElse(-1);
    }

    private static long worst(List<Long> errors) {
        return errors.stream().mapToLong(Long::longValue).max().orElse(-1);
    }

    /** A round of commits, as if from a third proxy: what it tells twice or the others tell as well changes nothing. */
    private static void tell(List<Load> loads, long epochMillis, long sequence) {
        for (Load load : loads) {
            load.progress(Header.newBuilder()
                            .setProxy("proxy-c")
                            .setEpochMillis(epochMillis)
                            .setSequence(sequence)
                            .setCluster(TestProxy.CLUSTER))
                    .ifPresent(progress -> teller.send(new ProducerRecord<>(
                            ReportTopic.PROGRESS.topicName(),
                            ReportKeys.progress(TestProxy.CLUSTER, load.topic, 0),
                            progress.toByteArray())));
        }
    }

    private static void every(long millis, Runnable task) {
        threads.scheduleAtFixedRate(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        FAILURES.add(e); // thrown here it would end the task without a word
                    }
                },
                0,
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Test
    void lagIsWhatItIs() throws Exception {
        Map<String, Object> plain = Map.of();
        try (Load steady = new Load("steady", plain);
                Load bursty = new Load("bursty", plain);
                Load stopped = new Load("stopped", plain);
                Load idle = new Load("idle", plain);
                Load compacted = new Load("compacted", plain);
                Load transactional = new Load("transactional", Map.of("transactional.id", "tx"))) {
            List<Load> measured = List.of(steady, bursty, stopped);
            List<Load> all = List.of(steady, bursty, stopped, idle, compacted, transactional);
            all.forEach(load -> await().atMost(SOON).until(() -> {
                load.poll();
                return !load.consumer.assignment().isEmpty();
            }));
            transactional.producer.initTransactions();
            commitTransaction(transactional);
            for (Load load : List.of(idle, compacted, stopped)) {
                load.send(300);
            }
            idle.commit(System.currentTimeMillis());
            compacted.commit(System.currentTimeMillis());
            transactional.commit(System.currentTimeMillis());
            stopped.commit(0);

            AtomicLong round = new AtomicLong();
            long epochMillis = System.currentTimeMillis();
            every(1_000, () -> tell(all, epochMillis, round.incrementAndGet()));
            every(100, () -> steady.send(5));
            every(500, () -> steady.commit(System.currentTimeMillis() - 3_000));
            every(4_000, () -> bursty.send(500));
            every(3_000, () -> bursty.commit(System.currentTimeMillis()));
            threads.schedule(stopped::leave, 2, TimeUnit.SECONDS);
            long producedUntil = System.currentTimeMillis() + 8_000;
            every(200, () -> {
                if (System.currentTimeMillis() < producedUntil) {
                    stopped.send(10);
                }
            });
            every(1_500, () -> bypass(40));
            every(1_000, () -> List.of(idle, compacted, transactional).forEach(Load::poll));
            measured.forEach(load -> every(POLL_MILLIS, () -> pollExporter(load)));
            measure(measured, idle);

            report(measured);
            stoppedGroupsStay(stopped);
            settled(all, steady, bursty);
            bypassIsProven();
        }
    }

    private static void commitTransaction(Load load) {
        load.producer.beginTransaction();
        load.send(50);
        load.producer.commitTransaction();
    }

    private static void pollExporter(Load load) {
        try {
            load.exporter.poll();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void bypass(int records) {
        Admin admin = kafka.admin();
        try (KafkaProducer<byte[], byte[]> direct = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                direct.send(new ProducerRecord<>("bypassed", 0, null, new byte[10]));
            }
            direct.flush();
            TopicPartition partition = new TopicPartition("bypassed", 0);
            long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
            admin.alterConsumerGroupOffsets("around", Map.of(partition, new OffsetAndMetadata(end)))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void measure(List<Load> measured, Load idle) throws InterruptedException {
        CountDownLatch samples = new CountDownLatch((int) (RUN_MILLIS / SAMPLE_MILLIS));
        List<Long> idleLags = new ArrayList<>();
        every(SAMPLE_MILLIS, () -> {
            if (samples.getCount() > 0) {
                long now = System.currentTimeMillis();
                List<GroupLag> groups = app.view().groups(Moment.NOW);
                // the first seconds are for what was there before
                if (samples.getCount() < (RUN_MILLIS - 5_000) / SAMPLE_MILLIS) {
                    measured.forEach(load -> load.sample(now, groups));
                    groups.stream()
                            .filter(group -> group.group().equals(idle.topic))
                            .forEach(group -> idleLags.add(group.lagMillis()));
                }
                samples.countDown();
            }
        });
        assertThat(samples.await(RUN_MILLIS * 3, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(idleLags).isNotEmpty().containsOnly(0L);
    }

    private static void report(List<Load> measured) throws Exception {
        StringBuilder figures = new StringBuilder("Error of time lag, against what the clients know\n");
        measured.forEach(load -> figures.append(load.figures()));
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "lag-error.txt"), figures.toString());
        System.out.print(figures);
        assertThat(measured).allSatisfy(load -> {
            assertThat(load.errors).as(load.topic).hasSizeGreaterThan(20);
            assertThat(worst(load.errors)).as(figures.toString()).isLessThan(ERROR_MILLIS_MAX);
        });
        double ours = measured.stream().mapToDouble(load -> mean(load.errors)).sum();
        double theirs =
                measured.stream().mapToDouble(load -> mean(load.exporterErrors)).sum();
        assertThat(ours).as(figures.toString()).isLessThan(theirs);
    }

    private static void stoppedGroupsStay(Load stopped) {
        GroupLag group = group("stopped").orElseThrow();
        assertThat(group.status()).isEqualTo(GroupStatus.STOPPED);
        long records = stopped.truth.acknowledged(Long.MAX_VALUE);
        assertThat(group.lagRecords()).isEqualTo(records);
        assertThat(group.history()).anyMatch(lag -> lag > 5_000);
        long before = System.currentTimeMillis() - 8_000;
        GroupLag past = app.view().groups(new Moment(OptionalLong.of(before), 60_000)).stream()
                .filter(one -> one.group().equals("stopped"))
                .findFirst()
                .orElseThrow();
        assertThat(past.lagRecords()).isBetween(300L, records);
        assertThat(stopped.truth.errorMillis(past.lagMillis(), before, 11_000)).isLessThan(ERROR_MILLIS_MAX);
        SloView slo = app.view().slos(Moment.NOW).get(0);
        assertThat(slo.bad()).isEqualTo(records);
        assertThat(slo.alert()).isEqualTo(SloView.Alert.PAGE);
    }

    /** When all is over and committed, lag is exactly what it is, for ever. */
    private static void settled(List<Load> all, Load steady, Load bursty) {
        threads.shutdown();
        await().atMost(SOON).until(() -> threads.awaitTermination(10, TimeUnit.MILLISECONDS));
        assertThat(FAILURES).isEmpty();
        steady.commit(System.currentTimeMillis());
        bursty.commit(System.currentTimeMillis());
        await().atMost(SOON).untilAsserted(() -> {
            for (Load load : all) {
                GroupLag group = group(load.topic).orElseThrow();
                assertThat(group.offsetLag()).as(load.topic).isEqualTo(adminLag(load));
                if (!load.topic.equals("stopped")) {
                    assertThat(group.lagMillis()).as(load.topic).isZero();
                    assertThat(group.lagRecords()).as(load.topic).isZero();
                }
            }
        });
        assertThat(group("transactional").orElseThrow().offsetLag())
                .as("the end of the transaction, for Kafka's own tools")
                .isEqualTo(1);
        assertThat(group("compacted").orElseThrow().partitions()).allMatch(GroupLag.PartitionLag::compacted);
    }

    private static long adminLag(Load load) throws Exception {
        Admin admin = kafka.admin();
        long end = admin.listOffsets(Map.of(load.partition, OffsetSpec.latest()))
                .partitionResult(load.partition)
                .get()
                .offset();
        return end
                - admin.listConsumerGroupOffsets(load.topic)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(load.partition)
                        .offset();
    }

    private static void bypassIsProven() {
        await().atMost(SOON).untilAsserted(() -> {
            Coverage coverage = app.view().topology(Moment.NOW).coverage();
            assertThat(coverage.bypassedTopics())
                    .extracting(Coverage.Bypass::name)
                    .containsExactly("bypassed");
            assertThat(coverage.bypassingGroups())
                    .extracting(Coverage.Bypass::name)
                    .containsExactly("around");
            assertThat(coverage.percentRecords()).isBetween(50.0, 99.9);
        });
    }

    private static Optional<GroupLag> group(String name) {
        return app.view().groups(Moment.NOW).stream()
                .filter(group -> group.group().equals(name))
                .findFirst();
    }

    private static final class Objectives implements PolicyView {
        @Override
        public String owner(dev.weir.topology.view.Node.Kind kind, String name) {
            return NONE.owner(kind, name);
        }

        @Override
        public dev.weir.topology.view.Edge.Allowed allowed(
                String service, dev.weir.topology.view.Edge.Operation operation, String topic) {
            return NONE.allowed(service, operation, topic);
        }

        @Override
        public List<Objective> objectives() {
            return List.of(IN_TIME);
        }

        @Override
        public List<Grant> grants() {
            return NONE.grants();
        }

        @Override
        public List<AdminPower> adminPowers() {
            return NONE.adminPowers();
        }
    }
}
