package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Buckets;
import dev.weir.canary.RecordFields;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.kafka.CanaryPlan;
import dev.weir.canary.kafka.ControllerNode;
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.Measuring;
import dev.weir.canary.rollout.RolloutPlan;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.Mechanism;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientReport;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.JavaClient;
import dev.weir.testkit.clients.KafkaClient;
import dev.weir.testkit.clients.KcatClient;
import dev.weir.testkit.clients.ScriptClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Unmodified clients of other languages and ages as both sides of a canary at 50 %, of keys, of partitions or of the records that match, on
 * {@linkplain UnevenTopics topics of all kinds of batches}: each gets all that it owns, and nothing else; those that read uncommitted get what
 * was aborted by the same shares. Reports say of each how far it read, and what is its own. Each client has a group and a canary of its own.
 */
class CanaryClientsIT {
    private static final String PASSWORD = "a-password";

    private static final String ISOLATION = "isolation.level";
    private static final String COMMITTED = "read_committed";
    private static final String UNCOMMITTED = "read_uncommitted";

    private static final List<String> KEYS =
            IntStream.range(0, 20).mapToObj(i -> "key-" + i * 2).toList();
    private static final String BY_KEY = "match\n  match: {keys: [%s]}".formatted(String.join(", ", KEYS));
    private static final String BY_HEADER = "match\n  match: {header: %s, values: [nobody, %s]}"
            .formatted(UnevenTopics.TENANT, UnevenTopics.ONE_TENANT);

    private static final JavaClient CLASSIC = new JavaClient("4.3.1", Map.of("group.protocol", "classic"));
    private static final JavaClient KIP_848 = new JavaClient("4.3.1", Map.of("group.protocol", "consumer"));

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ControllerNode controller;
    private static PolicySnapshot policy;
    private static ReportedShares reported;
    /** All that there is, by isolation level. */
    private static Map<String, List<ConsumerRecord<String, String>>> records;

    /** The clients, and what they can do. */
    private enum Who {
        OLD_JAVA(new JavaClient("2.1.1", Map.of()), UnevenTopics.ALL, "slice"),
        JAVA(CLASSIC, UnevenTopics.ALL, "slice"),
        JAVA_UNCOMMITTED(CLASSIC.with(ISOLATION, UNCOMMITTED), UnevenTopics.ALL, "slice", UNCOMMITTED),
        JAVA_KIP_848(KIP_848, UnevenTopics.ALL, "slice"),
        JAVA_KIP_848_UNCOMMITTED(KIP_848.with(ISOLATION, UNCOMMITTED), UnevenTopics.ALL, "slice", UNCOMMITTED),
        JAVA_WHOLE_PARTITIONS(KIP_848, UnevenTopics.ALL, "partition"),
        KCAT(new KcatClient(), UnevenTopics.ALL, "slice"),
        KCAT_UNCOMMITTED(new KcatClient(Map.of(ISOLATION, UNCOMMITTED)), UnevenTopics.ALL, "slice", UNCOMMITTED),
        KCAT_WHOLE_PARTITIONS(new KcatClient(), UnevenTopics.ALL, "partition"),
        JAVA_BY_KEY(CLASSIC, UnevenTopics.ALL, BY_KEY),
        JAVA_BY_HEADER(KIP_848, UnevenTopics.ALL, BY_HEADER),
        KCAT_BY_KEY(new KcatClient(), UnevenTopics.ALL, BY_KEY),
        KCAT_BY_HEADER(new KcatClient(), UnevenTopics.ALL, BY_HEADER),
        CONFLUENT_PYTHON(ScriptClient.CONFLUENT_PYTHON, UnevenTopics.ALL, "slice"),
        /** It decompresses gzip alone. */
        KAFKAJS(ScriptClient.KAFKAJS, UnevenTopics.GZIP_ONLY, "slice"),
        KAFKAJS_WHOLE_PARTITIONS(ScriptClient.KAFKAJS, UnevenTopics.GZIP_ONLY, "partition");

        final KafkaClient client;
        final List<String> topics;
        /** As the document has it, with what goes with it. */
        final String strategy;

        final String isolation;

        Who(KafkaClient client, List<String> topics, String strategy) {
            this(client, topics, strategy, COMMITTED);
        }

        Who(KafkaClient client, List<String> topics, String strategy, String isolation) {
            this.client = client;
            this.topics = topics;
            this.strategy = strategy;
            this.isolation = isolation;
        }

        /** Of its canary, and of its group. */
        String canary() {
            return name().replace('_', '-').toLowerCase(Locale.ROOT);
        }

        String user(Side side) {
            return canary() + (side == Side.STABLE ? "-v1" : "-v2");
        }
    }

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.builder()
                .brokers(1)
                .property("log.cleaner.backoff.ms", "100")
                .start();
        UnevenTopics topics = UnevenTopics.create(kafka);
        policy = policy();
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(policy)
                .listener("sasl", null, new ListenerSasl(List.of(Mechanism.PLAIN), users(), null, true, 0))
                .reports(settings -> settings.withTimes(100, 5_000))
                .start();
        List<CanaryPlan> plans =
                policy.canaries().all().stream().map(CanaryClientsIT::plan).toList();
        controller = ControllerNode.start(
                kafka::superUserProperties, "test", ChangeTimes.DEFAULT, () -> plans, Measuring.NONE);
        Patience.awaitSettled()
                .untilAsserted(() -> assertThat(policy.canaries().all())
                        .allSatisfy(canary -> assertThat(weight(canary.name())).isEqualTo(Weight.parse("50%"))));
        topics.fill();
        records = Map.of(COMMITTED, topics.records(COMMITTED), UNCOMMITTED, topics.records(UNCOMMITTED));
        assertThat(records.get(UNCOMMITTED))
                .as("with aborted ones")
                .hasSizeGreaterThan(records.get(COMMITTED).size());
        reported = new ReportedShares(kafka.bootstrap(), records.get(UNCOMMITTED));
    }

    @AfterAll
    static void stop() {
        reported.close();
        controller.close();
        weir.close();
        kafka.close();
    }

    private static CanaryPlan plan(CanaryPolicy canary) {
        return new CanaryPlan(
                canary.name(),
                canary.scope(),
                RolloutPlan.staying(canary.weight().orElseThrow(), Gates.NONE),
                canary.handover());
    }

    private static @Nullable Weight weight(String canary) {
        CanaryState state = weir.proxy().canary("main", canary);
        return state == null || state.pending() != null ? null : state.table().weight();
    }

    private static Path users() throws IOException {
        String hash = PasswordHash.create(PASSWORD, PasswordHash.ITERATIONS_MIN).encoded();
        List<String> lines = new ArrayList<>();
        for (Who who : Who.values()) {
            for (Side side : Side.values()) {
                lines.add(who.user(side) + ":" + hash);
            }
        }
        return Files.write(dir.resolve("users.txt"), lines);
    }

    private static PolicySnapshot policy() {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: all, owner: test}
                spec:
                  topics: ["*"]
                  rules: [{id: all, allow: [consume], services: ["*"], groups: ["*"]}]
                """);
        for (Who who : Who.values()) {
            for (Side side : Side.values()) {
                yaml.append("""
                        ---
                        apiVersion: weir.dev/v1
                        kind: Service
                        metadata: {name: %1$s, owner: test}
                        spec: {identities: [{sasl: %1$s}]}
                        """.formatted(who.user(side)));
            }
            yaml.append("""
                    ---
                    apiVersion: weir.dev/v1
                    kind: Canary
                    metadata: {name: %1$s, owner: test}
                    spec:
                      group: %1$s
                      topics: [%2$s]
                      stable: {service: %3$s, clientId: "*"}
                      canary: {service: %4$s, clientId: "*"}
                      strategy: %5$s
                      weight: 50%%
                    """.formatted(
                            who.canary(),
                            String.join(", ", UnevenTopics.ALL),
                            who.user(Side.STABLE),
                            who.user(Side.CANARY),
                            who.strategy));
        }
        Parsed parsed = PolicyParser.parse(
                List.of(new PolicyFile("policy.yaml", yaml.toString().getBytes(StandardCharsets.UTF_8))));
        assertThat(parsed.problems()).isEmpty();
        return CompiledSnapshot.compileForever(parsed.policy(), "test");
    }

    /** What a client has to get as one side. */
    private static List<ConsumerRecord<String, String>> owned(Who who, Side side) {
        return records.get(who.isolation).stream()
                .filter(record -> who.topics.contains(record.topic()))
                .filter(record -> isTheCanarys(who, record) == (side == Side.CANARY))
                .toList();
    }

    private static boolean isTheCanarys(Who who, ConsumerRecord<String, String> record) {
        if (who.strategy.equals(BY_KEY)) {
            return record.key() != null && KEYS.contains(record.key());
        }
        if (who.strategy.equals(BY_HEADER)) {
            Header tenant = record.headers().lastHeader(UnevenTopics.TENANT);
            return tenant != null && new String(tenant.value(), StandardCharsets.UTF_8).equals(UnevenTopics.ONE_TENANT);
        }
        Buckets buckets = policy.canaries().all().stream()
                .filter(canary -> canary.name().equals(who.canary()))
                .findFirst()
                .orElseThrow()
                .scope()
                .buckets();
        int bucket = buckets.bucket(record.partition(), record.offset(), new KeyOnly(record.key()));
        return bucket < Weight.parse("50%").basisPoints();
    }

    /** What a canary by key asks of a record. */
    private record KeyOnly(byte[] bytes, int keyBytes) implements RecordFields {
        KeyOnly(@Nullable String key) {
            this(key == null ? new byte[0] : key.getBytes(StandardCharsets.UTF_8), key == null ? -1 : key.length());
        }

        @Override
        public int keyOffset() {
            return 0;
        }

        @Override
        public boolean findHeader(byte[] name) {
            return false;
        }

        @Override
        public int headerOffset() {
            return 0;
        }

        @Override
        public int headerBytes() {
            return -1;
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void eachSideGetsWhatItOwnsAndNothingElse(Who who) {
        for (Side side : Side.values()) {
            List<ConsumerRecord<String, String>> owned = owned(who, side);
            List<String> expected = owned.stream().map(ConsumerRecord::value).toList();
            assertThat(expected).hasSizeGreaterThan(50);

            ClientReport report = who.client.run(
                    new ClientTask.Consume(who.topics, who.canary(), expected.size(), true),
                    ClientAccess.saslPlain(weir.bootstrap(), who.user(side), PASSWORD));

            assertThat(report.errors()).isEmpty();
            assertThat(report.values()).containsExactlyInAnyOrderElementsOf(expected);
            reported.check(who.user(side), owned, who.strategy.equals("partition"));
        }
    }
}
