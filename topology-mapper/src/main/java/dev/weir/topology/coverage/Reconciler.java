package dev.weir.topology.coverage;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.topology.state.v1.CoverageState;
import dev.weir.topology.state.v1.PartitionState;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.StateTopic;
import dev.weir.topology.view.ProxyView;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks brokers what proxies cannot know, every now and then: ends of logs, what groups have committed, settings of
 * topics. Tells the stream, which corrects its ledgers; and writes what went around the mesh to the state topic. One
 * instance does so at a time. Has one thread, and connections to every cluster while it is its turn.
 */
public final class Reconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final long CLOSE_MILLIS = 5_000;

    private final CoverageSettings settings;
    private final Map<String, Object> home;
    private final String instance;
    private final BooleanSupplier turn;
    private final Known known;
    private final UntoldClusters untold = new UntoldClusters();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** What this instance has in memory; any thread may ask. */
    public interface Known {
        List<PartitionState> partitions();

        List<ProxyView> proxies();

        /** What was written last about a cluster. */
        CoverageState coverage(String cluster);

        /** Records that may be in the log without any report: those with acks=0. */
        long unacknowledged(String cluster, String topic);

        /** Whether mirrors write to the topic, or did lately: then any number may be in the log without a report. */
        boolean mirrored(String cluster, String topic);
    }

    private static final class Cluster implements AutoCloseable {
        private final String name;
        private final BrokerQuestions questions;
        private final BrokerReports reports;
        private final GroupEvidence groups = new GroupEvidence();
        private final ProxyTrust trust = new ProxyTrust();

        Cluster(String name, BrokerQuestions questions, BrokerReports reports) {
            this.name = name;
            this.questions = questions;
            this.reports = reports;
        }

        @Override
        public void close() {
            questions.close();
        }
    }

    /**
     * Prepares; nothing runs before {@link #start}.
     *
     * @param home kafka-clients' properties of the cluster that holds the reports
     * @param turn whether it is this instance's turn
     */
    public Reconciler(
            CoverageSettings settings, Map<String, String> home, String instance, BooleanSupplier turn, Known known) {
        this.settings = settings;
        this.home = new HashMap<>(home);
        this.instance = instance;
        this.turn = turn;
        this.known = known;
        this.thread = new Thread(this::run, "weir-topology-coverage");
        thread.setDaemon(true);
    }

    public void start() {
        if (!settings.clusters().isEmpty()) {
            thread.start();
        }
    }

    /** Why clusters do not tell this instance, in its turn, what is compared, by their names; those that do are not in it. Any thread. */
    public Map<String, String> untold() {
        return untold.reasons();
    }

    private void run() {
        try {
            while (!closing.await(Math.min(1_000, settings.intervalMillis()), TimeUnit.MILLISECONDS)) {
                if (turn.getAsBoolean()) {
                    takeTurn();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until it is another instance's. */
    private void takeTurn() throws InterruptedException {
        List<Cluster> clusters = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = producer()) {
            try {
                long epochMillis = System.currentTimeMillis();
                settings.clusters()
                        .forEach((name, client) -> clusters.add(new Cluster(
                                name,
                                new BrokerQuestions(settings, client),
                                new BrokerReports(name, instance, epochMillis))));
                do {
                    for (Cluster cluster : clusters) {
                        ask(cluster, producer);
                    }
                } while (!closing.await(settings.intervalMillis(), TimeUnit.MILLISECONDS) && turn.getAsBoolean());
            } finally {
                clusters.forEach(Cluster::close);
                untold.clear();
                producer.close(Duration.ofSeconds(1));
            }
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("Coverage fails, and tries again");
        }
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> client = new HashMap<>(home);
        client.put(ProducerConfig.CLIENT_ID_CONFIG, "_weir-topology-coverage-" + instance);
        client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        client.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        client.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void ask(Cluster cluster, Producer<byte[], byte[]> producer) throws InterruptedException {
        BrokerState state;
        try {
            state = cluster.questions.ask();
        } catch (ExecutionException | TimeoutException | UnseenException e) {
            untold.failed(cluster.name, e);
            return;
        }
        untold.told(cluster.name);
        cluster.reports.send(state, producer);
        List<PartitionState> seen = known.partitions().stream()
                .filter(partition -> partition.getCluster().equals(cluster.name))
                .toList();
        boolean trusted = cluster.trust.next(known.proxies());
        CoverageRound round = new CoverageRound(
                cluster.name,
                state.askedMillis(),
                trusted,
                topics(cluster.name, state, seen),
                groups(state, cluster.groups.next(state, seen)));
        CoverageState next = CoverageLedger.next(known.coverage(cluster.name), round);
        producer.send(new ProducerRecord<>(StateTopic.NAME, key(cluster.name), next.toByteArray()));
    }

    private List<CoverageRound.Topic> topics(String cluster, BrokerState state, List<PartitionState> seen) {
        Map<String, long[]> totals = new HashMap<>();
        for (PartitionState partition : seen) {
            long[] total = totals.computeIfAbsent(partition.getTopic(), ignored -> new long[2]);
            total[0] += partition.getReportedRecords();
            total[1] += partition.getUnreportedRecords();
        }
        List<CoverageRound.Topic> topics = new ArrayList<>();
        state.topics().forEach((name, topic) -> {
            long[] total = totals.getOrDefault(name, new long[2]);
            topics.add(new CoverageRound.Topic(
                    name,
                    topic.compacted(),
                    topic.retentionMillis(),
                    total[0],
                    total[1],
                    known.unacknowledged(cluster, name),
                    known.mirrored(cluster, name)));
        });
        return topics;
    }

    private static List<CoverageRound.Group> groups(BrokerState state, Map<String, Long> unseen) {
        List<CoverageRound.Group> groups = new ArrayList<>();
        state.groups()
                .forEach((name, group) -> groups.add(
                        new CoverageRound.Group(name, group.protocol(), group.state(), unseen.getOrDefault(name, 0L))));
        return groups;
    }

    private static byte[] key(String cluster) {
        byte[] name = ReportKeys.audit(cluster);
        return ByteBuffer.allocate(2 + name.length)
                .put(RecordKind.COVERAGE.code())
                .put((byte) 'c')
                .put(name)
                .array();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
