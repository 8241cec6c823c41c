package dev.weir.topology.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.weir.topology.security.ClientCertificate;
import dev.weir.topology.security.RuleUse;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SecurityView.AdminPower;
import dev.weir.topology.view.SecurityView.FailedLogIn;
import dev.weir.topology.view.SecurityView.Finding;
import dev.weir.topology.view.SecurityView.RefusedRead;
import dev.weir.topology.view.SecurityView.RefusedRead.Refusal;
import dev.weir.topology.view.SecurityView.UnusedGrant;
import dev.weir.topology.view.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From what the mesh knows to what a security engineer is told. */
class SecurityInsightsTest {
    private static final long NOW = Duration.ofDays(20_000).toMillis();
    private static final long SEEN = NOW - 5_000;

    private final List<Node> nodes = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private Coverage coverage = Coverage.UNKNOWN;

    private void client(Node.Kind kind, String name, String mechanism, String... badges) {
        String id = kind + ":" + name;
        nodes.add(new Node(id, kind, name, "", "", List.of(), Health.OK, List.of(badges)));
        produce(id, mechanism, 1);
    }

    private void produce(String client, String mechanism, long records) {
        edges.add(edge(client, "topic:main/orders", Edge.Operation.PRODUCE, mechanism, records));
    }

    private static Edge edge(String from, String to, Edge.Operation operation, String mechanism, long records) {
        return new Edge(
                from + '>' + to + mechanism,
                from,
                to,
                operation,
                "",
                "",
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                records,
                Map.of(),
                Edge.Latency.UNKNOWN,
                -1,
                -1,
                0,
                SEEN,
                true,
                mechanism,
                Edge.Status.FLOWING,
                Edge.Allowed.YES,
                Edge.Checked.NONE);
    }

    private Topology topology() {
        return new Topology(NOW, 60_000, false, nodes, edges, 0, coverage, List.of());
    }

    private List<Finding> found(
            List<ProxyView> proxies, List<FailedLogIn> failed, List<ClientCertificate> certificates) {
        return LogInFindings.with(Findings.of(topology(), proxies, NOW), topology(), failed, certificates, NOW);
    }

    private List<Finding> found() {
        return found(List.of(), List.of(), List.of());
    }

    @Test
    void plaintextAndAnonymousTrafficIsFoundTheWorstFirst() {
        client(Node.Kind.SERVICE, "checkout", "SCRAM-SHA-512", "plaintext");
        client(Node.Kind.PRINCIPAL, "User:anonymous", "NONE", "anonymous", "no-service", "plaintext");
        client(Node.Kind.PRINCIPAL, "User:bob", "MTLS", "no-service");

        assertThat(found())
                .extracting(Finding::severity, Finding::kind, Finding::subject, Finding::lastSeenMillis)
                .containsExactly(
                        tuple(Health.BAD, "anonymous", "User:anonymous", SEEN),
                        tuple(Health.WARN, "no-service", "User:bob", SEEN),
                        tuple(Health.WARN, "plaintext", "User:anonymous", SEEN),
                        tuple(Health.WARN, "plaintext", "checkout", SEEN));
    }

    @Test
    void aServiceThatNeverProvesItselfStronglyIsFound() {
        client(Node.Kind.SERVICE, "payments", "PLAIN");
        client(Node.Kind.SERVICE, "fraud", "PLAIN");
        produce("SERVICE:fraud", "OAUTHBEARER", 1);
        client(Node.Kind.SERVICE, "checkout", "MTLS");

        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo("weak-authentication");
            assertThat(finding.subject()).isEqualTo("payments");
        });
    }

    private static FailedLogIn failed(String principal, long count, long lastSeenMillis) {
        return new FailedLogIn(
                principal, "PLAIN", true, "clients", "10.0.0.1", "wrong password", count, 0, lastSeenMillis);
    }

    @Test
    void logInsThatKeepFailingAreFound() {
        List<FailedLogIn> failed = List.of(
                failed("alice", 6, SEEN),
                failed("alice", 4, SEEN - 1),
                failed("bob", 9, SEEN),
                failed("carol", 500, NOW - Duration.ofHours(2).toMillis()),
                failed("", 1_000, SEEN));

        assertThat(found(List.of(), failed, List.of()))
                .extracting(Finding::severity, Finding::kind, Finding::subject, Finding::detail)
                .containsExactly(
                        tuple(
                                Health.BAD,
                                "log-ins-failing",
                                "clients (names unknown)",
                                "cannot log in: 1000 failures, the last within the hour"),
                        tuple(
                                Health.WARN,
                                "log-ins-failing",
                                "alice",
                                "cannot log in: 10 failures, the last within the hour"));
    }

    private static RefusedRead refused(String topic, Refusal refusal, String reason, long count, long lastSeenMillis) {
        return new RefusedRead(
                "fraud",
                "User:fraud",
                "fraud-1",
                "10.0.0.1",
                "main",
                topic,
                refusal,
                reason,
                "orders/signed",
                "orders.yaml:3",
                "26b6c8",
                count,
                0,
                lastSeenMillis);
    }

    @Test
    void recordsThatNobodyMayReadForTheirSignatureAreFound() {
        assertThat(ReadFindings.of(
                        List.of(
                                refused("orders", Refusal.SIGNATURE, "signature wrong", 3, SEEN - 1),
                                refused("orders", Refusal.SIGNATURE, "signature wrong", 4, SEEN),
                                refused(
                                        "orders",
                                        Refusal.CANARY_GROUP,
                                        "reads without being in the canary's group",
                                        9,
                                        SEEN),
                                refused(
                                        "refunds",
                                        Refusal.SIGNATURE,
                                        "signature missing",
                                        500,
                                        NOW - Duration.ofHours(2).toMillis())),
                        NOW))
                .containsExactly(new Finding(
                        "records-unverified",
                        Health.BAD,
                        "main/orders",
                        "clients are not let read records of it: signature wrong; 7 times, the last within the hour",
                        SEEN));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, BAD, has expired",
        "1, BAD, expires in 1 hour",
        "23, BAD, expires in 23 hours",
        "24, BAD, expires in 1 day",
        "60, BAD, expires in 2 days",
        "168, WARN, expires in 7 days",
        "719, WARN, expires in 29 days",
        "720, , "
    })
    void certificatesOfClientsAndListenersThatEndAreFound(long hours, Health severity, String words) {
        long end = NOW + Duration.ofHours(hours).toMillis();
        List<Finding> all = found(
                List.of(
                        proxy(ProxyView.State.LIVE, 0, end),
                        proxy(ProxyView.State.STOPPED, 0, end),
                        proxy(ProxyView.State.LIVE, 0, 0)),
                List.of(),
                List.of(new ClientCertificate("checkout", 0, end, SEEN)));
        if (severity == null) {
            assertThat(all).isEmpty();
            return;
        }
        assertThat(all)
                .hasSize(2)
                .allSatisfy(finding -> {
                    assertThat(finding.kind()).isEqualTo("certificate-expiring");
                    assertThat(finding.severity()).isEqualTo(severity);
                    assertThat(finding.detail()).endsWith(words);
                })
                .extracting(Finding::subject)
                .containsExactly("checkout", "weir-1/clients");
    }

    @ParameterizedTest
    @CsvSource({"6, ", "5, WARN", "3, WARN", "2, BAD", "-1, BAD"})
    void aCertificateOfADayHasTimeUntilItsLastQuarter(long hours, Health severity) {
        long end = NOW + Duration.ofHours(hours).toMillis();
        long begin = end - Duration.ofDays(1).toMillis();
        List<Finding> all = found(
                List.of(proxy(ProxyView.State.LIVE, begin, end)),
                List.of(),
                List.of(new ClientCertificate("checkout", begin, end, SEEN)));
        assertThat(all)
                .hasSize(severity == null ? 0 : 2)
                .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(severity));
    }

    private static ProxyView proxy(ProxyView.State state, long beginMillis, long endMillis) {
        return new ProxyView(
                "weir-1",
                "1.0",
                state,
                "",
                "",
                "",
                0,
                1,
                0,
                List.of(new ProxyView.Listener(
                        "clients", "main", "kafka.example:9092", true, true, false, beginMillis, endMillis)),
                0,
                SEEN);
    }

    @Test
    void whatGoesAroundTheMeshIsFound() {
        coverage = new Coverage(
                90,
                List.of(new Coverage.Bypass("main", "orders", 12, 0, SEEN)),
                List.of(new Coverage.Bypass("main", "backup", 0, 0, SEEN)),
                NOW);

        assertThat(found())
                .extracting(Finding::kind, Finding::subject, Finding::severity)
                .containsExactly(
                        tuple("bypass-group", "main/backup", Health.BAD),
                        tuple("bypass-producer", "main/orders", Health.BAD));
    }

    @Test
    void aGrantThatMovedNoRecordIsUnused() {
        nodes.add(
                new Node("topic:main/orders", Node.Kind.TOPIC, "orders", "main", "", List.of(), Health.OK, List.of()));
        client(Node.Kind.SERVICE, "checkout", "MTLS");
        client(Node.Kind.PRINCIPAL, "payments", "MTLS");
        nodes.add(new Node("SERVICE:fraud", Node.Kind.SERVICE, "fraud", "", "", List.of(), Health.OK, List.of()));
        edges.add(edge("topic:main/orders", "SERVICE:fraud", Edge.Operation.CONSUME, "MTLS", 0));

        assertThat(Findings.unused(
                        List.of(
                                grant("write", "checkout", Edge.Operation.PRODUCE, "orders"),
                                grant("write-any", "checkout", Edge.Operation.PRODUCE, "ord*"),
                                grant("read", "checkout", Edge.Operation.CONSUME, "orders"),
                                grant("other", "checkout", Edge.Operation.PRODUCE, "order"),
                                grant("asked-only", "fraud", Edge.Operation.CONSUME, "orders"),
                                grant("same-name", "payments", Edge.Operation.PRODUCE, "orders")),
                        topology()))
                .extracting(UnusedGrant::rule)
                .containsExactly("read", "other", "asked-only", "same-name");
    }

    private static PolicyView.Grant grant(String rule, String service, Edge.Operation operation, String topic) {
        return new PolicyView.Grant(rule, "orders.yaml:1", service, operation, List.of(topic));
    }

    @Test
    void adminPowersSayHowOftenTheyWereUsed() {
        List<AdminPower> powers = AdminPowers.of(
                List.of(
                        new PolicyView.AdminPower(
                                "ops/all",
                                "ops.yaml:7",
                                "ops",
                                List.of("create", "delete"),
                                List.of("topic *", "cluster")),
                        new PolicyView.AdminPower(
                                "ops/all", "ops.yaml:7", "deployer", List.of("create"), List.of("topic a"))),
                Map.of(
                        new RuleUse.Key("ops/all", "ops"), new RuleUse(3, SEEN),
                        new RuleUse.Key("ops/other", "deployer"), new RuleUse(9, SEEN)));

        assertThat(powers)
                .containsExactly(
                        new AdminPower("deployer", "create", "topic a", "ops/all", "ops.yaml:7", 0, -1),
                        new AdminPower("ops", "create, delete", "topic *, cluster", "ops/all", "ops.yaml:7", 3, SEEN));
    }
}
