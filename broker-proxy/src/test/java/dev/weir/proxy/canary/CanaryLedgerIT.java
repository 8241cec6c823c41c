package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Handover;
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
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewPartitions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Real clients of both versions, two proxies, and a ledger of every record: through changes of the weight, members that crash and come,
 * a proxy that ends and comes back, a broker that is restarted, another controller and more partitions.
 */
class CanaryLedgerIT {
    private static EmbeddedKafka kafka;

    private final SidesLedger ledger = new SidesLedger();
    private final AtomicReference<Weight> weight = new AtomicReference<>(Weight.NONE);
    private final List<ProxyFixture> proxies = new ArrayList<>();
    private final List<ControllerNode> controllers = new ArrayList<>();
    private final List<LedgerReader> readers = new ArrayList<>();

    @BeforeAll
    static void startKafka() {
        // two brokers, so that partitions have a leader while one of them ends: without any, brokers end transactions
        // without
        // their markers
        kafka = EmbeddedKafka.builder()
                .brokers(2)
                .property("group.consumer.min.session.timeout.ms", "10000")
                .property("group.consumer.session.timeout.ms", "10000")
                .start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void closeAll() {
        readers.forEach(LedgerReader::close);
        proxies.forEach(ProxyFixture::close);
        controllers.forEach(ControllerNode::close);
    }

    /** The stable version's clients speak the classic protocol, those of the new one KIP-848. */
    @Test
    void everyRecordIsProcessedByOneSideAndInTheOrderOfItsKey() throws Exception {
        String topic = "payments";
        kafka.createTopic(topic, 3);
        PolicySnapshot policy = policy(topic);
        proxies.add(proxy(policy));
        proxies.add(proxy(policy));
        controllers.add(controller("first", policy));
        controllers.add(controller("second", policy));
        LedgerWriter writer = new LedgerWriter(ledger, bootstrap(), topic, "zstd");
        try (writer) {
            writer.start();
            LedgerReader crashing = reader(Side.STABLE, 1, topic);
            reader(Side.STABLE, 2, topic);
            awaitProgress();
            reader(Side.CANARY, 1, topic);
            change("20%");
            change("70%");
            crashing.crash();
            reader(Side.STABLE, 3, topic);
            reader(Side.CANARY, 2, topic);
            awaitProgress();
            kafka.stopBroker(1);
            kafka.startBroker(1);
            awaitProgress();
            controllers.stream().filter(ControllerNode::isActive).forEach(ControllerNode::close);
            change("100%");
            kafka.admin()
                    .createPartitions(Map.of(topic, NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            proxies.remove(0).close();
            proxies.add(proxy(policy));
            awaitProgress();
            change("30%");
            change("0%");
        }
        Patience.awaitSettled()
                .untilAsserted(() -> assertThat(ledger.violations()).isEmpty());

        assertThat(ledger.counts()).containsKeys(Side.STABLE, Side.CANARY);
        assertThat(ledger.failures()).isEmpty();
    }

    /** Until both proxies serve by it, and some records were processed since. */
    private void change(String percent) {
        weight.set(Weight.parse(percent));
        Patience.awaitSettled()
                .untilAsserted(() -> assertThat(proxies)
                        .allSatisfy(proxy -> assertThat(weightAt(proxy)).isEqualTo(weight.get())));
        awaitProgress();
    }

    private static @Nullable Weight weightAt(ProxyFixture proxy) {
        CanaryState state = proxy.proxy().canary("main", "next");
        return state == null || state.pending() != null ? null : state.table().weight();
    }

    private void awaitProgress() {
        int before = ledger.processedCount();
        Patience.awaitSettled().untilAsserted(() -> {
            assertThat(ledger.failures()).isEmpty();
            assertThat(ledger.processedCount())
                    .as("processed, of %s produced", ledger.producedCount())
                    .isGreaterThan(before + 200);
        });
    }

    private LedgerReader reader(Side side, int number, String topic) {
        String version = side == Side.STABLE ? "v1" : "v2";
        Map<String, ?> settings = side == Side.STABLE
                ? Map.of("group.protocol", "classic", "session.timeout.ms", 10_000)
                : Map.of("group.protocol", "consumer");
        LedgerReader reader =
                new LedgerReader(ledger, side, bootstrap(), "pay-" + version + "-" + number, topic, settings);
        readers.add(reader.start());
        return reader;
    }

    private String bootstrap() {
        return proxies.stream().map(ProxyFixture::bootstrap).collect(Collectors.joining(","));
    }

    private ControllerNode controller(String name, PolicySnapshot policy) {
        CanaryPolicy canary = policy.canaries().all().get(0);
        return ControllerNode.start(
                kafka::superUserProperties,
                name,
                ChangeTimes.DEFAULT,
                () -> List.of(new CanaryPlan(
                        canary.name(),
                        canary.scope(),
                        RolloutPlan.staying(weight.get(), Gates.NONE),
                        Handover.ORDERED)),
                Measuring.NONE);
    }

    private static ProxyFixture proxy(PolicySnapshot policy) {
        return ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(policy)
                .listener("open", null, null)
                .start();
    }

    private static PolicySnapshot policy(String topic) {
        String yaml = """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: payments, owner: test}
                spec:
                  identities: [{anonymous: true}]
                  versions: {v1: {clientId: "pay-v1*"}, v2: {clientId: "pay-v2*"}}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: all, owner: test}
                spec:
                  topics: ["*"]
                  rules: [{id: all, allow: [produce, consume], services: [payments], groups: ["*"], transactionalIds: ["*"]}]
                ---
                apiVersion: weir.dev/v1
                kind: Canary
                metadata: {name: next, owner: test}
                spec:
                  group: %1$s
                  topics: [%1$s]
                  stable: {service: payments, version: v1}
                  canary: {service: payments, version: v2}
                  weight: 0%%
                """.formatted(topic);
        Parsed parsed =
                PolicyParser.parse(List.of(new PolicyFile("policy.yaml", yaml.getBytes(StandardCharsets.UTF_8))));
        assertThat(parsed.problems()).isEmpty();
        return CompiledSnapshot.compileForever(parsed.policy(), "test");
    }
}
