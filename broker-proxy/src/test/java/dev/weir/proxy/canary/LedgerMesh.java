package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Handover;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.kafka.CanaryPlan;
import dev.weir.canary.kafka.ControllerNode;
import dev.weir.canary.kafka.Mandate;
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.Measuring;
import dev.weir.canary.rollout.RolloutPlan;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.net.UnusedPorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two proxies, two controllers, canaries and the clients of both their sides, before a Kafka that has sessions of ten seconds: for each test of
 * its own. Canaries have no weight at first, and all of them the same later on.
 */
final class LedgerMesh implements BeforeEachCallback, AfterEachCallback {
    private static final int SESSION_MILLIS = 10_000;
    private static final int PARTITIONS = 3;

    private final int brokers;
    private final List<Shared> shared;
    private final PolicySnapshot policy;
    private final AtomicReference<Weight> weight = new AtomicReference<>(Weight.NONE);
    private final List<ProxyFixture> proxies = new ArrayList<>();
    private final List<ControllerNode> controllers = new ArrayList<>();
    private final List<LedgerReader> readers = new ArrayList<>();
    private final List<LedgerProcess> processes = new ArrayList<>();
    private @Nullable EmbeddedKafka kafka;
    /** One that can crash; {@code null} for none. */
    private @Nullable LedgerProxy crashing;
    /** The first port of the proxy that its clients go on at. */
    private int othersPort;
    /** A change in which it does; {@code null} for none. */
    private volatile @Nullable FatalChange fatal;

    /**
     * A canary, and what became of its records.
     *
     * @param topic is the name of the group, too
     */
    record Shared(String canary, String topic, String strategy, SidesLedger ledger) {
        private String yaml() {
            return """
                    ---
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
                    """.formatted(canary, topic, strategy);
        }
    }

    LedgerMesh(int brokers, Shared... shared) {
        this.brokers = brokers;
        this.shared = List.of(shared);
        this.policy = compiled(policyText(this.shared));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        String session = Integer.toString(SESSION_MILLIS); // short enough that a test sees them end
        kafka = EmbeddedKafka.builder()
                .brokers(brokers)
                .property("group.consumer.min.session.timeout.ms", session)
                .property("group.consumer.session.timeout.ms", session)
                .start();
    }

    EmbeddedKafka kafka() {
        return Objects.requireNonNull(kafka);
    }

    LedgerMesh start() {
        createTopics();
        addProxy();
        addProxy();
        addControllers();
        return this;
    }

    /** Starts with one proxy in a process of its own: whoever comes before {@link #openOthers} comes to that one, and knows one of the others. */
    LedgerProxy startWithOneThatCrashes() throws Exception {
        createTopics();
        othersPort = UnusedPorts.inARow(1 + kafka().brokerIds().size());
        LedgerProxy started = LedgerProxy.start(kafka().bootstrap(), policyText(shared));
        crashing = started;
        addControllers();
        return started;
    }

    /** Starts two more proxies. */
    void openOthers() {
        proxies.add(proxy().ports(othersPort).listener("open", null, null).start());
        addProxy();
    }

    private void createTopics() {
        shared.forEach(canary -> kafka().createTopic(canary.topic(), PARTITIONS));
    }

    private void addControllers() {
        controllers.add(controller("first"));
        controllers.add(controller("second"));
    }

    List<ProxyFixture> proxies() {
        return proxies;
    }

    LedgerWriter writer(Shared canary, String compression) {
        return new LedgerWriter(canary.ledger(), bootstrap(), canary.topic(), compression);
    }

    /**
     * A member of a side, known as that by its client id. It commits how far it has read, or where whole partitions are shared no further
     * than its last record.
     */
    void reader(Shared canary, Side side, int number, GroupProtocol protocol) {
        LedgerReader reader = new LedgerReader(
                canary.ledger(),
                side,
                bootstrap(),
                clientId(side, number),
                canary.topic(),
                canary.strategy().equals("partition"),
                settings(protocol));
        readers.add(reader.start());
    }

    /** A member that can crash. It commits how far it has read. */
    LedgerProcess process(Shared canary, Side side, int number, GroupProtocol protocol) throws IOException {
        LedgerProcess process = LedgerProcess.start(
                canary.ledger(),
                side,
                canary.topic(),
                LedgerReader.settings(side, bootstrap(), clientId(side, number), canary.topic(), settings(protocol)));
        processes.add(process);
        return process;
    }

    private static String clientId(Side side, int number) {
        return (side == Side.STABLE ? "pay-v1-" : "pay-v2-") + number;
    }

    private static Map<String, ?> settings(GroupProtocol protocol) {
        return protocol == GroupProtocol.CLASSIC
                ? Map.of("group.protocol", "classic", "session.timeout.ms", SESSION_MILLIS)
                : Map.of("group.protocol", "consumer");
    }

    void want(Weight wanted) {
        weight.set(wanted);
    }

    /**
     * Has a change begin that waits for the answer of a proxy, kills that one before the change has an end, and goes on to want what the change
     * was about.
     */
    FatalChange.Killed killWithinAChangeTo(Weight wanted, LedgerProxy proxy) throws Exception {
        FatalChange change = new FatalChange(wanted, proxy, kafka());
        fatal = change;
        FatalChange.Killed killed = change.awaitKilled();
        weight.set(wanted);
        fatal = null;
        return killed;
    }

    /** Until all proxies serve by a weight. */
    void awaitServed(Weight served) {
        Patience.awaitSettled()
                .untilAsserted(() -> assertThat(proxies)
                        .allSatisfy(proxy -> assertThat(shared)
                                .allSatisfy(canary ->
                                        assertThat(weightAt(proxy, canary)).isEqualTo(served))));
    }

    private static @Nullable Weight weightAt(ProxyFixture proxy, Shared canary) {
        CanaryState state = proxy.proxy().canary("main", canary.canary());
        return state == null || state.pending() != null ? null : state.table().weight();
    }

    /** What the proxies know of a canary; without those that do not know it now. */
    List<CanaryState> states(Shared canary) {
        List<CanaryState> states = new ArrayList<>();
        for (ProxyFixture proxy : proxies) {
            CanaryState state = proxy.proxy().canary("main", canary.canary());
            if (state != null) {
                states.add(state);
            }
        }
        return states;
    }

    /** Until some records of each canary were processed that were not before. */
    void awaitProgress() {
        List<Integer> before =
                shared.stream().map(canary -> canary.ledger().processedCount()).toList();
        for (int i = 0; i < shared.size(); i++) {
            SidesLedger ledger = shared.get(i).ledger();
            int enough = before.get(i) + 200;
            Patience.awaitSettled().untilAsserted(() -> {
                assertThat(ledger.failures()).isEmpty();
                assertThat(ledger.processedCount())
                        .as("processed, of %s produced", ledger.producedCount())
                        .isGreaterThan(enough);
            });
        }
    }

    /** Until every record was processed, by one side of its canary, both of which had some. */
    void awaitBalance() {
        for (Shared canary : shared) {
            SidesLedger ledger = canary.ledger();
            Patience.awaitSettled()
                    .untilAsserted(() -> assertThat(ledger.violations()).isEmpty());
            assertThat(ledger.counts()).containsKeys(Side.STABLE, Side.CANARY);
            assertThat(ledger.failures()).isEmpty();
        }
    }

    /** Ends one as it is ended in production, and starts another. */
    void replaceProxy() {
        proxies.remove(0).close();
        addProxy();
    }

    /** Ends the controller that is in office; the other one takes over. */
    void closeController() {
        Patience.awaitSettled().until(() -> controllers.stream().anyMatch(ControllerNode::isActive));
        controllers.stream().filter(ControllerNode::isActive).findFirst().ifPresent(ControllerNode::close);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        processes.forEach(LedgerProcess::close);
        readers.forEach(LedgerReader::close);
        proxies.forEach(ProxyFixture::close);
        if (crashing != null) {
            crashing.close();
        }
        controllers.forEach(ControllerNode::close);
        if (kafka != null) {
            kafka.close();
        }
    }

    private String bootstrap() {
        String running = proxies.stream().map(ProxyFixture::bootstrap).collect(Collectors.joining(","));
        return crashing != null && proxies.isEmpty() ? crashing.bootstrap() + ",127.0.0.1:" + othersPort : running;
    }

    private void addProxy() {
        proxies.add(proxy().listener("open", null, null).start());
    }

    private ProxyFixture.Builder proxy() {
        return ProxyFixture.inFrontOf(kafka().bootstrap()).policy(policy);
    }

    private ControllerNode controller(String name) {
        return ControllerNode.start(
                kafka()::superUserProperties,
                name,
                new Mandate(ChangeTimes.DEFAULT, this::plans, Measuring.NONE, Optional.empty(), this::told));
    }

    private List<CanaryPlan> plans() {
        FatalChange change = fatal;
        Weight now = weight.get();
        RolloutPlan rollout = RolloutPlan.staying(change == null ? now : change.wanted(now), Gates.NONE);
        return policy.canaries().all().stream()
                .map(canary -> new CanaryPlan(canary.name(), canary.scope(), rollout, Handover.ORDERED))
                .toList();
    }

    private void told(ChangeEvent event) {
        FatalChange change = fatal;
        if (change != null) {
            change.written(event);
        }
    }

    private static String policyText(List<Shared> shared) {
        return """
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
                """ + shared.stream().map(Shared::yaml).collect(Collectors.joining());
    }

    /** Policy of this text. */
    static PolicySnapshot compiled(String policy) {
        Parsed parsed =
                PolicyParser.parse(List.of(new PolicyFile("policy.yaml", policy.getBytes(StandardCharsets.UTF_8))));
        assertThat(parsed.problems()).isEmpty();
        return CompiledSnapshot.compileForever(parsed.policy(), "test");
    }
}
