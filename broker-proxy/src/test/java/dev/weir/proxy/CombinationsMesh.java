package dev.weir.proxy;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.kafka.TokenIssuer;
import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.config.TokenEndpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.idp.TestIdp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka that takes every proof that Kafka knows, and a Weir in front that comes to it by one {@link BrokerWay} at a time, and
 * takes every {@link ClientWay}. Each principal may write to one topic, and to no other's: whoever has written, was it. Policy
 * allows everything; whom it was asked about is written down. For one thread.
 */
final class CombinationsMesh implements AutoCloseable {
    /** Of clients that log in. */
    static final String USER = "alice";

    /** Of clients that show a certificate. */
    static final String CERTIFICATE_NAME = "spiffe://weir.test/alice";

    private static final String WEIR = "weir";
    private static final String SERVICE = "payments";
    private static final String SERVICE_USER = "kafka-payments";
    private static final List<Mechanism> SASL =
            List.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512, Mechanism.OAUTHBEARER);

    private final TestIdp idp = TestIdp.start();
    private final TestCa ca;
    private final TestCertificate server;
    private final TestCertificate weir;
    private final TestCertificate service;
    private final TestCertificate client;
    private final Path users;
    private final EmbeddedKafka kafka;
    private final Queue<Subject> asked = new ConcurrentLinkedQueue<>();
    private final List<BrokerWay> ways;
    private @Nullable BrokerWay way;
    private @Nullable ProxyFixture proxy;

    CombinationsMesh(Path folder) throws Exception {
        ca = TestCa.create(folder, "ca");
        server = ca.issue(CertificateSpec.server().withFileName("listener"));
        weir = ca.issue(CertificateSpec.client("CN=weir"));
        service = ca.issue(CertificateSpec.client("CN=payments"));
        client = ca.issue(CertificateSpec.spiffe(CERTIFICATE_NAME));
        users = Files.write(folder.resolve("users"), usersOfWeir());
        Map<String, String> passwords =
                Map.of(USER, password(USER), WEIR, password(WEIR), SERVICE_USER, password(SERVICE_USER));
        ClientListener.Sasl all = new ClientListener.Sasl(passwords, passwords)
                .withTokens(new TokenIssuer(idp.issuer(), idp.jwksUrl(), TestIdp.AUDIENCE));
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("OPEN"))
                .listener(ClientListener.tls("OPENTLS", ca.listenerTls(ClientAuth.NONE)))
                .listener(ClientListener.tls("MTLS", ca.listenerTls(ClientAuth.REQUIRED)))
                .listener(ClientListener.plaintext("SASL").withSasl(all))
                .listener(ClientListener.tls("SASLTLS", ca.listenerTls(ClientAuth.NONE))
                        .withSasl(all))
                .authorizer("User:admin")
                .start();
        List<AclBinding> acls = new ArrayList<>(List.of(acl("User:*", "*", AclOperation.DESCRIBE)));
        for (String principal : principals()) {
            kafka.createTopic(topicOf(principal), 1);
            acls.add(acl("User:" + principal, topicOf(principal), AclOperation.WRITE));
        }
        kafka.createAcls(acls);
        ways = ways();
    }

    private static String password(String user) {
        return user + "-password";
    }

    private static List<String> usersOfWeir() {
        List<String> lines = new ArrayList<>();
        lines.add(USER + ":"
                + PasswordHash.create(password(USER), PasswordHash.ITERATIONS_MIN)
                        .encoded());
        for (Mechanism mechanism : List.of(Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512)) {
            lines.add(USER + ":"
                    + ScramKeys.create(mechanism, password(USER), ScramKeys.ITERATIONS_MIN)
                            .encoded());
        }
        return lines;
    }

    /** All that brokers may see. */
    static List<String> principals() {
        return List.of("ANONYMOUS", WEIR, "CN=weir", SERVICE_USER, "CN=payments", USER);
    }

    /** The one topic that this principal of the brokers may write to, and nobody else. */
    static String topicOf(String principal) {
        return "of-" + principal.replace('=', '-');
    }

    private static AclBinding acl(String principal, String topic, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }

    /** Every way there is. */
    List<BrokerWay> brokerWays() {
        return ways;
    }

    private List<BrokerWay> ways() {
        UpstreamTls trusting = new UpstreamTls(ca.pem(), null, null, true);
        UpstreamTls mutual = new UpstreamTls(ca.pem(), weir.chainPem(), weir.keyPem(), true);
        ListenerUpstream shared = new ListenerUpstream.Shared();
        List<BrokerWay> all = new ArrayList<>();
        all.add(new BrokerWay("shared", Mechanism.NONE, "OPEN", null, null, shared, "ANONYMOUS"));
        all.add(new BrokerWay("shared", Mechanism.NONE, "OPENTLS", trusting, null, shared, "ANONYMOUS"));
        all.add(new BrokerWay("shared", Mechanism.MTLS, "MTLS", mutual, null, shared, "CN=weir"));
        ListenerUpstream certificate = new ListenerUpstream.PerPrincipal(this::certificateOf);
        all.add(new BrokerWay("perPrincipal", Mechanism.MTLS, "MTLS", mutual, null, certificate, "CN=payments"));
        for (boolean tls : new boolean[] {false, true}) {
            String brokers = tls ? "SASLTLS" : "SASL";
            UpstreamTls transport = tls ? trusting : null;
            for (Mechanism mechanism : SASL) {
                all.add(new BrokerWay("shared", mechanism, brokers, transport, ofWeir(mechanism), shared, WEIR));
                ListenerUpstream own = new ListenerUpstream.PerPrincipal(name -> stored(mechanism, name));
                UpstreamSasl questions = ofWeir(Mechanism.PLAIN);
                all.add(new BrokerWay("perPrincipal", mechanism, brokers, transport, questions, own, SERVICE_USER));
            }
            ListenerUpstream passed = new ListenerUpstream.PassThrough("sub");
            UpstreamSasl questions = ofWeir(Mechanism.PLAIN);
            all.add(new BrokerWay("passThrough", Mechanism.NONE, brokers, transport, questions, passed, ""));
        }
        return List.copyOf(all);
    }

    private UpstreamSasl ofWeir(Mechanism mechanism) {
        return mechanism == Mechanism.OAUTHBEARER
                ? new UpstreamSasl.Token(
                        new TokenEndpoint(URI.create(idp.tokenEndpoint()), WEIR, "any-secret", null, null))
                : new UpstreamSasl.Password(mechanism, WEIR, password(WEIR));
    }

    private Optional<Map<String, String>> stored(Mechanism mechanism, String name) {
        if (!name.equals(SERVICE)) {
            return Optional.empty();
        }
        return Optional.of(
                mechanism == Mechanism.OAUTHBEARER
                        ? Map.of(
                                "mechanism",
                                mechanism.wireName(),
                                "tokenEndpoint",
                                idp.tokenEndpoint(),
                                "clientId",
                                SERVICE_USER,
                                "clientSecret",
                                "any-secret")
                        : Map.of(
                                "mechanism", mechanism.wireName(),
                                "username", SERVICE_USER,
                                "password", password(SERVICE_USER)));
    }

    private Optional<Map<String, String>> certificateOf(String name) throws IOException {
        return name.equals(SERVICE)
                ? Optional.of(Map.of(
                        "certificate", Files.readString(service.chainPem()),
                        "key", Files.readString(service.keyPem())))
                : Optional.empty();
    }

    /** A proxy that comes to brokers this way. The one of another way ends. */
    ProxyFixture proxy(BrokerWay wanted) {
        ProxyFixture known = proxy;
        if (known != null && wanted.equals(way)) {
            return known;
        }
        endProxy();
        ProxyFixture.Builder builder = ProxyFixture.inFrontOf(kafka.bootstrap(wanted.brokers()))
                .upstream(wanted.tls(), wanted.sasl())
                .policy(TestPolicy.of(
                        (subject, type, name, operation) -> {
                            asked.add(subject);
                            return true;
                        },
                        subject -> Optional.of(SERVICE)))
                .credentials(wanted.upstream());
        for (ClientWay from : ClientWay.values()) {
            if (from.logsIn() || !wanted.isPassThrough()) {
                from.transports().forEach(transport -> listener(builder, wanted, from, transport.equals("TLS")));
            }
        }
        ProxyFixture started = builder.start();
        proxy = started;
        way = wanted;
        return started;
    }

    /** One for all mechanisms. */
    private void listener(ProxyFixture.Builder builder, BrokerWay wanted, ClientWay from, boolean tls) {
        boolean first = !from.logsIn() || from == ClientWay.PLAIN || from.showsCertificate();
        if (first) {
            builder.listener(
                    from.listener(tls),
                    tls ? listenerTls(from.showsCertificate()) : null,
                    from.logsIn() ? sasl(wanted) : null);
        }
    }

    private ListenerTls listenerTls(boolean mutual) {
        return new ListenerTls(
                server.chainPem(),
                server.keyPem(),
                mutual ? ListenerTls.ClientAuth.REQUIRED : ListenerTls.ClientAuth.NONE,
                mutual ? ca.pem() : null,
                mutual ? List.of(CertificatePrincipal.SAN_URI) : List.of());
    }

    private ListenerSasl sasl(BrokerWay wanted) {
        if (wanted.isPassThrough()) {
            return new ListenerSasl(SASL, null, null, true, 0);
        }
        OAuthBearerConfig issuer = new OAuthBearerConfig(
                idp.issuer(),
                null,
                List.of(TestIdp.AUDIENCE),
                OAuthBearerConfig.ALGORITHMS,
                "sub",
                "",
                1_000,
                60_000,
                3_600_000,
                null);
        return new ListenerSasl(SASL, users, issuer, true, 0);
    }

    /** Settings of Kafka's Java clients. */
    Map<String, Object> client(BrokerWay to, ClientWay from, boolean tls) {
        ClientAccess.Login login = new ClientAccess.Login(
                USER,
                from.mechanism() == Mechanism.OAUTHBEARER
                        ? idp.token(claims -> claims.setSubject(USER))
                        : password(USER),
                from.mechanism().wireName());
        ClientAccess access = new ClientAccess(
                proxy(to).bootstrap(from.listener(tls)),
                tls ? ca : null,
                from.showsCertificate() ? client : null,
                from.logsIn() ? login : null);
        return new HashMap<>(access.javaProperties());
    }

    /** Whom policy was asked about since the last {@link #forget}. */
    List<Subject> asked() {
        return List.copyOf(asked);
    }

    /** When the clients before are gone. */
    void forget() {
        ProxyFixture known = proxy;
        if (known != null) {
            Patience.awaitAnswer().until(() -> known.proxy().status().connectionsOpen() == 0);
        }
        asked.clear();
    }

    private void endProxy() {
        ProxyFixture known = proxy;
        proxy = null;
        if (known != null) {
            known.close();
        }
    }

    @Override
    public void close() {
        endProxy();
        kafka.close();
        idp.close();
    }
}
