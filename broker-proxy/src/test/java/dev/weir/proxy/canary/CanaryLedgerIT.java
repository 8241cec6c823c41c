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
import dev.weir.proxy.telemetry.CanarySideMetrics;
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
 * a proxy that ends and comes back, a broker that is restarted, another controller and more partitions. Of two canaries at once: one shares
 * keys, the other whole partitions.
 */
class CanaryLedgerIT {
    private static EmbeddedKafka kafka;

    /** A canary, and what became of its records. */
    private record Shared(String canary, String topic, SidesLedger ledger) {}

    private final Shared keys = new Shared("next", "payments", new SidesLedger(false));
    private final Shared partitions = new Shared("whole", "parcels", new SidesLedger(true));
    private final List<Shared> both = List.of(keys, partitions);
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
    void everyRecordIsProcessedByOneSideAndInItsOrder() throws Exception {
        both.forEach(shared -> kafka.createTopic(shared.topic(), 3));
        PolicySnapshot policy = policy();
        proxies.add(proxy(policy));
        proxies.add(proxy(policy));
        controllers.add(controller("first", policy));
        controllers.add(controller("second", policy));
        LedgerWriter writer = writer(keys, "zstd");
        LedgerWriter other = writer(partitions, "lz4");
        try (writer;
                other) {
            writer.start();
            other.start();
            LedgerReader crashing = reader(keys, Side.STABLE, 1);
            reader(keys, Side.STABLE, 2);
            reader(partitions, Side.STABLE, 4); // the only one of its side, so that what it processes has an order
            awaitProgress();
            reader(keys, Side.CANARY, 1);
            reader(partitions, Side.CANARY, 4);
            change("20%");
            change("70%");
            crashing.crash();
            reader(keys, Side.STABLE, 3);
            reader(keys, Side.CANARY, 2);
            awaitProgress();
            kafka.stopBroker(1);
            kafka.startBroker(1);
            awaitProgress();
            controllers.stream().filter(ControllerNode::isActive).forEach(ControllerNode::close);
            change("100%");
            kafka.admin()
                    .createPartitions(both.stream()
                            .collect(Collectors.toMap(Shared::topic, shared -> NewPartitions.increaseTo(4))))
                    .all()
                    .get();
            proxies.remove(0).close();
            proxies.add(proxy(policy));
            awaitProgress();
            change("30%");
            change("0%");
        }
        for (Shared shared : both) {
            SidesLedger ledger = shared.ledger();
            Patience.awaitSettled()
                    .untilAsserted(() -> assertThat(ledger.violations()).isEmpty());
            assertThat(ledger.counts()).containsKeys(Side.STABLE, Side.CANARY);
            assertThat(ledger.failures()).isEmpty();
        }
        assertThat(proxies)
                .as("what is taken out is counted, by side")
                .anySatisfy(
                        proxy -> assertThat(counts(proxy, Side.STABLE).given()).isPositive())
                .anySatisfy(proxy ->
                        assertThat(counts(proxy, Side.STABLE).takenOut()).isPositive())
                .anySatisfy(proxy ->
                        assertThat(counts(proxy, Side.CANARY).takenOut()).isPositive());
    }

    private static CanarySideMetrics counts(ProxyFixture proxy, Side side) {
        return proxy.metrics().canaries().side("next", side);
    }

    /** Until both proxies serve by it, and some records were processed since. */
    private void change(String percent) {
        weight.set(Weight.parse(percent));
        Patience.awaitSettled()
                .untilAsserted(() -> assertThat(proxies)
                        .allSatisfy(proxy -> assertThat(both)
                                .allSatisfy(shared ->
                                        assertThat(weightAt(proxy, shared)).isEqualTo(weight.get()))));
        awaitProgress();
    }

    private static @Nullable Weight weightAt(ProxyFixture proxy, Shared shared) {
        CanaryState state = proxy.proxy().canary("main", shared.canary());
        return state == null || state.pending() != null ? null : state.table().weight();
    }

    private void awaitProgress() {
        List<Integer> before =
                both.stream().map(shared -> shared.ledger().processedCount()).toList();
        for (int i = 0; i < both.size(); i++) {
            SidesLedger ledger = both.get(i).ledger();
            int enough = before.get(i) + 200;
            Patience.awaitSettled().untilAsserted(() -> {
                assertThat(ledger.failures()).isEmpty();
                assertThat(ledger.processedCount())
                        .as("processed, of %s produced", ledger.producedCount())
                        .isGreaterThan(enough);
            });
        }
    }

    private LedgerWriter writer(Shared shared, String compression) {
        return new LedgerWriter(shared.ledger(), bootstrap(), shared.topic(), compression);
    }

    private LedgerReader reader(Shared shared, Side side, int number) {
        String version = side == Side.STABLE ? "v1" : "v2";
        Map<String, ?> settings = side == Side.STABLE
                ? Map.of("group.protocol", "classic", "session.timeout.ms", 10_000)
                : Map.of("group.protocol", "consumer");
        LedgerReader reader = new LedgerReader(
                shared.ledger(),
                side,
                bootstrap(),
                "pay-" + version + "-" + number,
                shared.topic(),
                shared == partitions,
                settings);
        readers.add(reader.start());
        return reader;
    }

    private String bootstrap() {
        return proxies.stream().map(ProxyFixture::bootstrap).collect(Collectors.joining(","));
    }

    private ControllerNode controller(String name, PolicySnapshot policy) {
        List<CanaryPolicy> canaries = policy.canaries().all();
        return ControllerNode.start(
                kafka::superUserProperties,
                name,
                ChangeTimes.DEFAULT,
                () -> canaries.stream().map(this::plan).toList(),
                Measuring.NONE);
    }

    private CanaryPlan plan(CanaryPolicy canary) {
        return new CanaryPlan(
                canary.name(), canary.scope(), RolloutPlan.staying(weight.get(), Gates.NONE), Handover.ORDERED);
    }

    private static ProxyFixture proxy(PolicySnapshot policy) {
        return ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(policy)
                .listener("open", null, null)
                .start();
    }

    private PolicySnapshot policy() {
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
                """ + canary(keys, "slice") + canary(partitions, "partition");
        Parsed parsed =
                PolicyParser.parse(List.of(new PolicyFile("policy.yaml", yaml.getBytes(StandardCharsets.UTF_8))));
        assertThat(parsed.problems()).isEmpty();
        return CompiledSnapshot.compileForever(parsed.policy(), "test");
    }

    private static String canary(Shared shared, String strategy) {
        return """
                apiVersion: weir.dev/v1
                kind: Canary
                metadata: {name: %1$s, owner: test}
                spec:
                  group: %2$s
                  topics: [%2$s]
                  stable: {service: payments, version: v1}
                  canary: {service: payments, version: v2}
                  strategy: %3$s
                  weight: 0%%
                ---
                """.formatted(shared.canary(), shared.topic(), strategy);
    }
}
