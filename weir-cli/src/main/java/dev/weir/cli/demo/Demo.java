package dev.weir.cli.demo;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.demo.Flow.Action;
import dev.weir.cli.mesh.ErrorLog;
import dev.weir.cli.mesh.Mesh;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.EmbeddedKafkaException;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Circumstances;
import dev.weir.proxy.telemetry.SchemaMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running demo: Kafka, policy repository, mesh and sample services. {@link #start} and {@link #close} block; what is
 * started is ended in the opposite order.
 */
public final class Demo implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(3);
    private static final Duration SETTLE = Duration.ofSeconds(10);
    private static final long SETTLE_LOOK_MILLIS = 50;

    private final DemoFolder folder;
    private final DemoScreen screen;
    private final Tally tally = new Tally();
    private final ChargeLedger ledger = new ChargeLedger();
    private final List<ShopService> services = new ArrayList<>();
    private @Nullable DemoIdentities identities;
    private @Nullable EmbeddedKafka kafka;
    private @Nullable Mesh mesh;

    private Demo(DemoFolder folder, DemoScreen screen) {
        this.folder = folder;
        this.screen = screen;
    }

    /**
     * Starts everything; the services are at work when it returns.
     *
     * @param elsewhere the same with other ports, for when somebody has taken one meanwhile: another demo that was started at the same time
     *     finds the same ones free
     * @throws CommandFailure saying why it cannot; nothing is left running
     */
    static Demo start(DemoSettings settings, DemoSettings elsewhere, DemoScreen screen, ErrorLog errors) {
        Demo demo = new Demo(DemoFolder.open(settings.folder()), screen);
        try {
            demo.startAll(settings, elsewhere, errors);
            return demo;
        } catch (RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    private void startAll(DemoSettings settings, DemoSettings elsewhere, ErrorLog errors) {
        CompletableFuture<EmbeddedKafka> starting = CompletableFuture.supplyAsync(Demo::startKafka);
        DemoIdentities own = DemoIdentities.create(folder.root().resolve("identities"), DemoConfig.HOST);
        identities = own;
        DemoRepository repository = DemoRepository.create(folder.policy());
        EmbeddedKafka running = started(starting);
        kafka = running;
        screen.happened("kafka    runs at " + running.bootstrap() + ", for Weir alone");
        DecisionLog[] decisions = new DecisionLog[1];
        // denials come only once the services are started, which is after the log is there
        Function<DemoSettings, Mesh> starter = ports -> Mesh.start(
                DemoConfig.of(ports, running.bootstrap(), repository, own),
                errors,
                denial -> {
                    DecisionLog log = decisions[0];
                    if (log != null) {
                        log.denied(denial);
                    }
                },
                meshStarting -> {
                    mesh = meshStarting;
                    decisions[0] = new DecisionLog(Shop.flows(), new PolicyDecider(meshStarting), screen::happened);
                });
        Mesh started = startMesh(settings, elsewhere, starter);
        BadRecordLog bad = new BadRecordLog(screen::happened);
        ShopService.Witness witness = new ShopService.Witness() {
            @Override
            public void passed(Role role, Flow flow, String key) {
                tally.add(flow);
                enter(role, flow, key);
                decisions[0].passed(flow);
            }

            @Override
            public void refused(Flow flow, String message) {
                bad.told(flow, message);
            }
        };
        for (Role role : Shop.ROLES) {
            services.add(new ShopService(role, own.client(role, bootstrap(role.door())), witness));
        }
        LOG.atDebug().addKeyValue("admin", started.adminUrl()).log("demo is up");
        services.forEach(ShopService::start);
    }

    private Mesh startMesh(DemoSettings settings, DemoSettings elsewhere, Function<DemoSettings, Mesh> starter) {
        try {
            return starter.apply(settings);
        } catch (CommandFailure e) {
            if (settings.equals(elsewhere) || FreePorts.areFree(settings)) {
                throw e;
            }
            screen.happened("ports    were taken meanwhile; Weir takes others");
            return starter.apply(elsewhere);
        }
    }

    private void enter(Role role, Flow flow, String key) {
        if (flow.topic().equals(Shop.ORDERS) && flow.action() == Action.PRODUCE) {
            ledger.produced(key);
        } else if (flow.topic().equals(Shop.ORDERS) && role.group().equals(Shop.PAYMENTS)) {
            ledger.processed(key, !role.clientId().equals(Shop.STABLE_CLIENT));
        }
    }

    /** What became of each order so far. */
    ChargeLedger.Count ledger() {
        return ledger.count();
    }

    /** Takes no more orders, and waits until those that were taken are processed. */
    void settle() throws InterruptedException {
        for (ShopService service : services) {
            if (service.takesOrders()) {
                service.close();
                service.join(JOIN_PATIENCE);
            }
        }
        long endNanos = System.nanoTime() + SETTLE.toNanos();
        while (ledger.count().lost() > 0 && System.nanoTime() < endNanos) {
            TimeUnit.MILLISECONDS.sleep(SETTLE_LOOK_MILLIS);
        }
    }

    private static EmbeddedKafka startKafka() {
        EmbeddedKafka running = EmbeddedKafka.builder().autoCreateTopics(false).start();
        Shop.TOPICS.forEach(topic -> running.createTopic(topic, 1));
        return running;
    }

    private static EmbeddedKafka started(CompletableFuture<EmbeddedKafka> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EmbeddedKafkaException cause) {
                throw new CommandFailure("the demo's Kafka cannot be started: " + cause.getMessage(), cause);
            }
            throw e;
        }
    }

    /** What clients that log in by password get as {@code bootstrap.servers}. */
    public String bootstrap() {
        return bootstrap(Door.PASSWORD);
    }

    String bootstrap(Door door) {
        return running().listeners().stream()
                .filter(listener -> listener.name().equals(door.listener()))
                .map(listener -> listener.bootstrap().toString())
                .findFirst()
                .orElseThrow();
    }

    DemoIdentities identities() {
        return Objects.requireNonNull(identities, "the demo is not running");
    }

    public String adminUrl() {
        return running().adminUrl();
    }

    /** The dashboard, once it is there; it is started last, so that nothing waits for it. */
    public Optional<String> dashboardUrl() {
        return Optional.ofNullable(running().topologyUrl().getNow(null)).map(url -> url + "/");
    }

    /** The policy repository: a work tree whose commits take effect. */
    public Path repository() {
        return folder.policy();
    }

    Mesh mesh() {
        return running();
    }

    EmbeddedKafka kafka() {
        EmbeddedKafka running = kafka;
        if (running == null) {
            throw new IllegalStateException("the demo's Kafka is not running");
        }
        return running;
    }

    /** Records that a flow got through so far. */
    public long records(String service, boolean produced, String topic) {
        return tally.of(new Flow(service, produced ? Action.PRODUCE : Action.CONSUME, topic));
    }

    /** How it went until now. */
    public DemoSummary summary() {
        Mesh running = running();
        return new DemoSummary(
                bootstrap(),
                bootstrap(Door.CERTIFICATE),
                bootstrap(Door.TOKEN),
                running.adminUrl(),
                dashboardUrl().orElse(""),
                tally.of(Action.PRODUCE),
                tally.of(Action.CONSUME),
                denials(false),
                denials(true),
                sum(schemas -> schemas.violations(OnViolation.REJECT)),
                sum(schemas -> schemas.deadLetters(true)),
                running.policy().status().revision(),
                ledger.count());
    }

    private long denials(boolean dryRun) {
        return Arrays.stream(Door.values())
                .mapToLong(door -> running().metrics().listener(door.listener()).denials(dryRun))
                .sum();
    }

    private long sum(ToLongFunction<SchemaMetrics> count) {
        return Arrays.stream(Door.values())
                .mapToLong(door -> count.applyAsLong(
                        running().metrics().listener(door.listener()).schemas()))
                .sum();
    }

    private Mesh running() {
        Mesh running = mesh;
        if (running == null) {
            throw new IllegalStateException("the demo is not running");
        }
        return running;
    }

    @Override
    public void close() {
        services.forEach(ShopService::close);
        try {
            for (ShopService service : services) {
                service.join(JOIN_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (mesh != null) {
            mesh.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        if (identities != null) {
            identities.close();
        }
        try {
            folder.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the demo's temporary folder is left behind");
        }
    }

    /** Asks the policy in force what a sample service may do, for the screen. */
    private record PolicyDecider(Mesh mesh) implements DecisionLog.Decider {
        @Override
        public String revision() {
            return mesh.policy().current().revision();
        }

        @Override
        public Decision decide(Flow flow) {
            return mesh.policy()
                    .current()
                    .authorizer(flow.service(), Circumstances.UNKNOWN)
                    .decide(ResourceType.TOPIC, flow.topic(), flow.action().operation());
        }
    }
}
