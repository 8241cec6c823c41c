package dev.weir.bench.login;

import dev.weir.bench.WorkFolder;
import dev.weir.bench.login.LoopHeartbeat.Worst;
import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.KeyType;
import dev.weir.kafka.EmbeddedKafka;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench logins}. */
@Command(
        name = "logins",
        description = {
            "Clients that all log in at once over TLS, as after a restart of Weir: whether all are served, how soon,",
            "and what the worst is that an event loop was kept waiting meanwhile. Goal: none fails, below 100 ms."
        },
        mixinStandardHelpOptions = true)
public final class LoginsCommand implements Callable<Integer> {
    private static final double LOOP_GOAL_MILLIS = 100;

    @Option(names = "--logins", paramLabel = "N", defaultValue = "2000", description = "Clients (default: 2000).")
    private int logins;

    @Option(
            names = "--services",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many services they belong to, each with credentials of its own (default: 100).")
    private int services;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often, each time with a Weir just started; the first one in a JVM that has compiled"
                    + " nothing yet (default: 3).")
    private int rounds;

    @Option(
            names = "--listener-key",
            paramLabel = "TYPE",
            defaultValue = "EC_P256",
            description = "What the listener signs with: ${COMPLETION-CANDIDATES} (default: EC_P256).")
    private KeyType listenerKey = KeyType.EC_P256;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "WAY",
            description = "Only these of ${COMPLETION-CANDIDATES} (default: all).")
    private List<Way> only = List.of(Way.values());

    @Override
    public Integer call() throws IOException, IdentityException {
        boolean good = true;
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try (WorkFolder folder = WorkFolder.create("weir-bench-logins");
                TokenIssuer issuer = TokenIssuer.start();
                EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Credentials credentials = Credentials.create(folder.path(), services, listenerKey, issuer);
            System.out.println("round  what           served  failed  all in s  p50 ms  p99 ms"
                    + "  loop late ms  loop busy ms  CPU s: loops    TLS  log-in  GC ms");
            try (ClientsProcess clients = ClientsProcess.start(credentials)) {
                for (int round = 1; round <= rounds; round++) {
                    good &= round(round, vertx, kafka, credentials, issuer, clients);
                }
            }
        } finally {
            BenchProxy.await(vertx.close());
        }
        return good ? 0 : 1;
    }

    private boolean round(
            int round,
            Vertx vertx,
            EmbeddedKafka kafka,
            Credentials credentials,
            TokenIssuer issuer,
            ClientsProcess clients) {
        boolean good = true;
        LoopHeartbeat starting = LoopHeartbeat.on(loops(vertx));
        try (BenchProxy weir = BenchProxy.start(vertx, kafka.bootstrap(), credentials, issuer)) {
            Worst start = starting.end();
            System.out.printf(
                    Locale.ROOT,
                    "%5d  %-13s  %44s  %12.1f  %12.1f%n",
                    round,
                    "(start)",
                    "",
                    start.lateNanos() / 1e6,
                    start.ownNanos() / 1e6);
            for (Way way : only) {
                good &= burst(round, way, vertx, weir, clients);
            }
        }
        return good;
    }

    private boolean burst(int round, Way way, Vertx vertx, BenchProxy weir, ClientsProcess clients) {
        ThreadTimes times = new ThreadTimes();
        long collectedMillis = collectedMillis();
        LoopHeartbeat heartbeat = LoopHeartbeat.on(loops(vertx));
        Outcome outcome = clients.come(way, weir.address(way), logins);
        Worst worst = heartbeat.end();
        System.out.printf(
                Locale.ROOT,
                "%5d  %-13s  %6d  %6d  %8.2f  %6.0f  %6.0f  %12.1f  %12.1f  %12.2f  %5.2f  %6.2f  %5d%n",
                round,
                way.title(),
                outcome.served(),
                outcome.failed(),
                outcome.seconds(),
                outcome.p50Millis(),
                outcome.p99Millis(),
                worst.lateNanos() / 1e6,
                worst.ownNanos() / 1e6,
                times.seconds("vert.x-eventloop"),
                times.seconds("weir-tls"),
                times.seconds("weir-login"),
                collectedMillis() - collectedMillis);
        if (outcome.failed() > 0) {
            System.out.println("       " + outcome.failure());
        }
        clients.go();
        weir.awaitEmpty();
        return outcome.failed() == 0 && worst.lateNanos() < TimeUnit.MILLISECONDS.toNanos(Math.round(LOOP_GOAL_MILLIS));
    }

    private static Iterable<EventExecutor> loops(Vertx vertx) {
        return ((VertxInternal) vertx).nettyEventLoopGroup();
    }

    private static long collectedMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
