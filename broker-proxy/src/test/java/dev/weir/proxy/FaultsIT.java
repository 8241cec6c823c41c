package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.ledger.LedgerResult;
import dev.weir.testkit.ledger.LedgerRun;
import dev.weir.testkit.net.UnusedPorts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever fails between clients and brokers, no acknowledged record is lost, doubled or out of order, and no client ever learns
 * where a broker itself is. For the latter, Weir's certificate is from one authority, which clients trust, and the brokers' are from
 * another: a client that connects to a broker itself fails for good.
 */
class FaultsIT {
    private static final int PARTITIONS = 6;
    private static final long RECORDS = 200;

    @TempDir
    private static Path dir;

    private static TestCa weirsCa;
    private static TestCa brokersCa;
    private static TestCertificate weir;
    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka() {
        weirsCa = TestCa.create(dir.resolve("weir"), "weirs-ca");
        weir = weirsCa.issue(CertificateSpec.server());
        brokersCa = TestCa.create(dir.resolve("brokers"), "brokers-ca");
        kafka = EmbeddedKafka.builder()
                .brokers(3)
                .listener(ClientListener.tls("TLS", brokersCa.listenerTls(ClientAuth.NONE)))
                .property("min.insync.replicas", "2")
                .start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void aClientThatMeetsABrokerItselfFailsForGood() {
        try (ProxyFixture proxy = proxy().start()) {
            Map<String, Object> client = client(proxy);
            client.put("bootstrap.servers", kafka.bootstrap());
            try (Admin admin = Admin.create(client)) {
                assertThatThrownBy(() -> admin.describeCluster().nodes().get())
                        .hasCauseInstanceOf(SslAuthenticationException.class);
            }
        }
    }

    @Test
    void aBrokerRestarts() {
        try (ProxyFixture proxy = proxy().start();
                LedgerRun run = ledger(proxy, "broker-restarts")) {
            run.awaitProgress(RECORDS);
            kafka.stopBroker(1);
            run.awaitProgress(RECORDS);
            kafka.startBroker(1);
            kafka.killBroker(2);
            run.awaitProgress(RECORDS);
            kafka.startBroker(2);
            run.awaitProgress(RECORDS);

            assertNothingIsLost(run, proxy);
        }
    }

    @Test
    void aBrokerMovesAndItsPortOnWeirStays() {
        try (ProxyFixture proxy = proxy().start();
                LedgerRun run = ledger(proxy, "broker-moves")) {
            run.awaitProgress(RECORDS);
            Map<Integer, Endpoint> before = proxy.listener("tls").brokers();
            int oldPort = kafka.port(3, "TLS");
            kafka.stopBroker(3);
            kafka.startBrokerOnNewPorts(3);
            assertThat(kafka.port(3, "TLS")).isNotEqualTo(oldPort);
            awaitLeaderAgain(3, "broker-moves");
            run.awaitProgress(RECORDS);

            assertThat(proxy.listener("tls").brokers()).isEqualTo(before).hasSize(3);
            assertNothingIsLost(run, proxy);
        }
    }

    @Test
    void allBrokersGoAndComeBack() {
        try (ProxyFixture proxy = proxy().start();
                LedgerRun run = ledger(proxy, "all-gone")) {
            run.awaitProgress(RECORDS);
            for (int broker = 1; broker <= 3; broker++) {
                kafka.killBroker(broker);
            }
            Patience.awaitSettled()
                    .until(() -> proxy.proxy().status().clusters().get(0).lastError() != null);
            for (int broker = 1; broker <= 3; broker++) {
                kafka.startBroker(broker);
            }
            run.awaitProgress(RECORDS);

            assertNothingIsLost(run, proxy);
        }
    }

    @Test
    void partOfTheBootstrapListIsDead() {
        String dead = "localhost:" + UnusedPorts.one();
        try (ProxyFixture proxy =
                        proxy(dead + ",localhost:" + kafka.port(2, "TLS")).start();
                LedgerRun run = ledger(proxy, "dead-bootstrap")) {
            run.awaitProgress(RECORDS);
            kafka.stopBroker(2); // the only one that was named and alive
            run.awaitProgress(RECORDS);
            kafka.startBroker(2);

            assertNothingIsLost(run, proxy);
        }
    }

    @Test
    void weirEndsAndStartsAgainOnItsPorts() {
        int ports = UnusedPorts.inARow(10);
        ProxyFixture first = proxy(kafka.bootstrap(), ports).start();
        try (LedgerRun run = ledger(first, "weir-restarts")) {
            run.awaitProgress(RECORDS);
            Map<Integer, Endpoint> before = first.listener("tls").brokers();
            first.close();
            try (ProxyFixture second = proxy(kafka.bootstrap(), ports).start()) {
                assertThat(second.listener("tls").brokers()).isEqualTo(before);
                run.awaitProgress(RECORDS);

                assertNothingIsLost(run, second);
            }
        } finally {
            first.close();
        }
    }

    @Test
    void aBrokerThatJoinsLaterIsReached() throws Exception {
        try (ProxyFixture proxy = proxy().start();
                LedgerRun run = ledger(proxy, "before-the-join")) {
            run.awaitProgress(RECORDS);
            int joined = kafka.addBroker();
            try {
                Patience.awaitSettled()
                        .until(() -> proxy.listener("tls").brokers().containsKey(joined));
                List<Integer> replicas = List.of(joined, 1, 2);
                kafka.admin()
                        .createTopics(List.of(new NewTopic("after-the-join", Map.of(0, replicas, 1, replicas))))
                        .all()
                        .get();
                try (LedgerRun late = LedgerRun.start(client(proxy), "after-the-join", 2)) {
                    late.awaitProgress(RECORDS);
                    assertNothingIsLost(late, proxy);
                }
                run.awaitProgress(RECORDS);
                assertNothingIsLost(run, proxy);
            } finally {
                kafka.admin().deleteTopics(List.of("after-the-join")).all().get();
                kafka.removeBroker(joined);
            }
        }
    }

    private static ProxyFixture.Builder proxy() {
        return proxy(kafka.bootstrap());
    }

    private static ProxyFixture.Builder proxy(String bootstrap) {
        return proxy(bootstrap, 0);
    }

    private static ProxyFixture.Builder proxy(String bootstrap, int firstPort) {
        ProxyFixture.Builder builder =
                ProxyFixture.inFrontOf(bootstrap).upstream(new UpstreamTls(brokersCa.pem(), null, null, true), null);
        if (firstPort != 0) {
            builder.ports(firstPort);
        }
        return builder.listener(
                "tls",
                new ListenerTls(weir.chainPem(), weir.keyPem(), ListenerTls.ClientAuth.NONE, null, List.of()),
                null);
    }

    private static Map<String, Object> client(ProxyFixture proxy) {
        return new HashMap<>(
                ClientAccess.plaintext(proxy.bootstrap()).withTls(weirsCa).javaProperties());
    }

    private static LedgerRun ledger(ProxyFixture proxy, String topic) {
        kafka.createTopic(topic, PARTITIONS);
        return LedgerRun.start(client(proxy), topic, PARTITIONS);
    }

    private static void assertNothingIsLost(LedgerRun run, ProxyFixture proxy) {
        LedgerResult result = run.finish();
        assertThat(result.violations()).isEmpty();
        assertThat(result.unacked()).isZero();
        assertThat(result.acked()).isPositive();
        assertThat(result.received()).isGreaterThanOrEqualTo(result.acked());
        assertThat(portsThatClientsSee(proxy))
                .isEqualTo(new TreeSet<>(proxy.listener("tls").brokers().values().stream()
                        .map(Endpoint::port)
                        .toList()));
    }

    /** Asks as any client may. */
    private static Set<Integer> portsThatClientsSee(ProxyFixture proxy) {
        Set<Integer> ports = new TreeSet<>();
        try (Admin admin = Admin.create(client(proxy))) {
            Patience.awaitSettled().until(() -> {
                var nodes = admin.describeCluster().nodes().get();
                nodes.forEach(node -> ports.add(node.port()));
                return nodes.size() == kafka.runningBrokerIds().size();
            });
        }
        return ports;
    }

    private static void awaitLeaderAgain(int broker, String topic) {
        Patience.awaitSettled()
                .until(() ->
                        kafka
                                .admin()
                                .describeTopics(List.of(topic))
                                .allTopicNames()
                                .get()
                                .get(topic)
                                .partitions()
                                .stream()
                                .anyMatch(partition -> partition.isr().stream().anyMatch(node -> node.id() == broker)));
    }
}
