package dev.weir.proxy;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.upstream.FileCredentialStore;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.DelegationTokenDisabledException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedByAuthenticationException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Brokers see the client's Service, by credentials of its own: Kafka's authorizer, which knows the Services and not Weir,
 * says what each may do. Policy allows everything here, so every refusal is Kafka's.
 */
class PerPrincipalIT {
    private static final UpstreamSasl WEIR = new UpstreamSasl.Password(Mechanism.SCRAM_SHA_512, "weir", "w-password");
    private static final short METADATA_VERSION = 12;

    @TempDir
    private static Path dir;

    private static TestCa ca;
    private static TestCertificate shop;
    private static Path credentials;
    private static EmbeddedKafka kafka;
    /** Longer than the tests take. */
    private static final long SESSION_MILLIS = 600_000;

    private static ProxyFixture weir;
    private static ProxyFixture overMutualTls;

    @BeforeAll
    static void start() throws Exception {
        ca = TestCa.create(dir, "ca");
        shop = ca.issue(CertificateSpec.spiffe("spiffe://weir.test/shop"));
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("SCRAM")
                        .withSasl(ClientListener.Sasl.scram(
                                Map.of("weir", "w-password", "payments", "p-password", "kafka-shop", "s-password"))))
                .listener(ClientListener.tls("MTLS", ca.listenerTls(ClientAuth.REQUIRED)))
                .authorizer("User:weir", "User:CN=weir")
                .property("delegation.token.secret.key", "a-secret-of-the-test")
                .start();
        for (String topic : List.of("payments", "orders")) {
            kafka.createTopic(topic, 1);
        }
        kafka.createAcls(List.of(
                write("User:payments", "payments"),
                write("User:kafka-shop", "orders"),
                write("User:CN=payments", "payments")));

        credentials = Files.createDirectories(dir.resolve("secrets/upstream"));
        scram("payments", "payments", "p-password");
        scram("shop", "kafka-shop", "s-password");
        Files.writeString(dir.resolve("secrets/weir.properties"), "username=weir\npassword=w-password\n");
        TestCertificate own = ca.issue(CertificateSpec.client("CN=payments"));
        Path certificates = Files.createDirectories(dir.resolve("secrets/certificates"));
        Files.copy(own.chainPem(), certificates.resolve("own.pem"));
        Files.copy(own.keyPem(), certificates.resolve("own-key.pem"));
        Files.writeString(
                certificates.resolve("payments.properties"), "certificateFile=own.pem\nkeyFile=own-key.pem\n");

        weir = listeners(ProxyFixture.inFrontOf(kafka.bootstrap("SCRAM")).upstream(null, WEIR), credentials)
                .start();
        TestCertificate weirs = ca.issue(CertificateSpec.client("CN=weir"));
        overMutualTls = listeners(
                        ProxyFixture.inFrontOf(kafka.bootstrap("MTLS"))
                                .upstream(new UpstreamTls(ca.pem(), weirs.chainPem(), weirs.keyPem(), true), null),
                        certificates)
                .start();
    }

    @AfterAll
    static void stop() {
        overMutualTls.close();
        weir.close();
        kafka.close();
    }

    private static ProxyFixture.Builder listeners(ProxyFixture.Builder builder, Path folder) throws IOException {
        StringBuilder users = new StringBuilder();
        for (String user : List.of("payments", "orphan", "late", "wrong", "gone", "upwards", "nobody")) {
            users.append(user)
                    .append(':')
                    .append(PasswordHash.create("pw", PasswordHash.ITERATIONS_MIN)
                            .encoded())
                    .append('\n');
        }
        Path file = Files.writeString(dir.resolve("users"), users);
        ListenerSasl sasl = new ListenerSasl(file, true);
        ListenerSasl renewing = new ListenerSasl(List.of(Mechanism.PLAIN), file, null, true, SESSION_MILLIS);
        TestCertificate server = ca.issue(CertificateSpec.server().withFileName("weir-" + folder.getFileName()));
        ListenerTls certificates = new ListenerTls(
                server.chainPem(),
                server.keyPem(),
                ListenerTls.ClientAuth.REQUIRED,
                ca.pem(),
                List.of(CertificatePrincipal.SAN_URI));
        return builder.policy(policy())
                .listener("shared", null, sasl)
                .credentials(new ListenerUpstream.PerPrincipal(
                        new FileCredentialStore(folder.resolve("{service}.properties"))))
                .listener("own", null, sasl)
                .listener("renewing", null, renewing)
                .listener("mtls", certificates, null);
    }

    private static PolicySnapshot policy() {
        return TestPolicy.of((subject, type, name, operation) -> true, PerPrincipalIT::service);
    }

    private static Optional<String> service(Subject subject) {
        return switch (subject.principal().name()) {
            case "spiffe://weir.test/shop" -> Optional.of("shop");
            case "nobody" -> Optional.empty();
            case "upwards" -> Optional.of("../weir");
            default -> Optional.of(subject.principal().name());
        };
    }

    @Test
    void kafkaDecidesOnTheService() throws Exception {
        produce(weir, "own", "payments", "payments");
        assertThatThrownBy(() -> produce(weir, "own", "payments", "orders"))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
        assertThat(weir.denials()).as("it was Kafka that refused").isEmpty();
    }

    @Test
    void withSharedCredentialsItWouldSeeWeir() throws Exception {
        produce(weir, "shared", "payments", "orders");
    }

    @Test
    void aServiceThatShowsACertificateHasItsOwnCredentialToo() throws Exception {
        Map<String, Object> client = new HashMap<>(
                ClientAccess.mutualTls(weir.bootstrap("mtls"), ca, shop).javaProperties());
        FirstSteps.produce(client, "orders");
        assertThatThrownBy(() -> FirstSteps.produce(client, "payments"))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void towardsBrokersItMayBeACertificate() throws Exception {
        produce(overMutualTls, "own", "payments", "payments");
        assertThatThrownBy(() -> produce(overMutualTls, "own", "payments", "orders"))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
        produce(overMutualTls, "shared", "payments", "orders");
        assertRefused(overMutualTls, "own", "orphan");
    }

    @Test
    void aDelegationTokenIsTheServicesOrIsRefused() throws Exception {
        try (Admin admin = Admin.create(client(weir, "own", "payments"))) {
            assertThat(admin.createDelegationToken()
                            .delegationToken()
                            .get(30, TimeUnit.SECONDS)
                            .tokenInfo()
                            .ownerAsString())
                    .isEqualTo("User:payments");
        }
        try (Admin admin = Admin.create(client(weir, "shared", "payments"))) {
            assertThatThrownBy(() ->
                            admin.createDelegationToken().delegationToken().get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isNotInstanceOf(DelegationTokenDisabledException.class)
                    .isInstanceOf(UnsupportedByAuthenticationException.class);
        }
    }

    @Test
    void authorizedOperationsAreWhatBothAllow() throws Exception {
        try (Admin admin = Admin.create(client(weir, "own", "payments"))) {
            var options = new org.apache.kafka.clients.admin.DescribeTopicsOptions().includeAuthorizedOperations(true);
            assertThat(admin.describeTopics(List.of("payments"), options)
                            .allTopicNames()
                            .get(30, TimeUnit.SECONDS)
                            .get("payments")
                            .authorizedOperations())
                    .containsExactlyInAnyOrder(AclOperation.WRITE, AclOperation.DESCRIBE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"orphan", "upwards", "nobody"})
    void aServiceWithoutACredentialIsRefusedAndSeesNothingOfWeirs(String user) {
        long before = weir.metrics().listener("own").connectionsRefused(RefusalReason.UPSTREAM_CREDENTIAL);
        assertRefused(weir, "own", user);
        assertThat(weir.metrics().listener("own").connectionsRefused(RefusalReason.UPSTREAM_CREDENTIAL))
                .isGreaterThan(before);
    }

    @Test
    void withoutSaslItIsClosed() {
        TestCertificate stranger = ca.issue(CertificateSpec.spiffe("spiffe://weir.test/stranger"));
        try (RawKafkaConnection client =
                RawKafkaConnection.openTls(weir.bootstrap("mtls"), ca.clientSockets(stranger))) {
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        awaitSettled()
                .until(() -> weir.metrics().listener("mtls").connectionsRefused(RefusalReason.UPSTREAM_CREDENTIAL) > 0);
    }

    @Test
    void aCredentialThatBrokersRefuseIsLookedUpAgain() throws Exception {
        scram("wrong", "payments", "old-password");
        assertRefused(weir, "own", "wrong");
        scram("wrong", "payments", "p-password");
        produce(weir, "own", "wrong", "payments");
    }

    @Test
    void aCredentialThatComesLaterIsTakenAndOneThatGoesIsGone() throws Exception {
        assertRefused(weir, "own", "late");
        scram("late", "payments", "p-password");
        awaitSettled()
                .untilAsserted(() -> assertThatCode(() -> login("late").close()).doesNotThrowAnyException());

        Path file = scram("gone", "payments", "p-password");
        login("gone").close();
        Files.delete(file);
        awaitSettled()
                .untilAsserted(() -> assertThatThrownBy(() -> login("gone").close())
                        .hasMessageContaining("SASL_AUTHENTICATION_FAILED"));
    }

    @Test
    void aClientThatBecomesAnotherServiceComesToBrokersAnew() {
        try (RawKafkaConnection client = login("payments")) {
            client.request(new MetadataRequestData(), METADATA_VERSION);
            weir.policy(TestPolicy.of((subject, type, name, operation) -> true, subject -> Optional.of("shop")));
            assertThat(client.awaitClosedInSilence()).isTrue();
        } finally {
            weir.policy(policy());
        }
    }

    @Test
    void aClientThatLogsInAgainKeepsItsBroker() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("renewing"))) {
            client.login("payments", "pw").login("payments", "pw");
            assertThat(client.request(new MetadataRequestData().setTopics(null), METADATA_VERSION)
                            .as(MetadataResponseData.class)
                            .topics())
                    .extracting(MetadataResponseData.MetadataResponseTopic::name)
                    .containsExactly("payments");
        }
    }

    private static RawKafkaConnection login(String user) {
        RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("own"));
        try {
            return client.login(user, "pw");
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static void assertRefused(ProxyFixture proxy, String listener, String user) {
        assertThatThrownBy(() -> {
                    try (Admin admin = Admin.create(client(proxy, listener, user))) {
                        admin.listTopics().names().get(30, TimeUnit.SECONDS);
                    }
                })
                .hasCauseInstanceOf(SaslAuthenticationException.class);
    }

    private static void produce(ProxyFixture proxy, String listener, String user, String topic) throws Exception {
        FirstSteps.produce(client(proxy, listener, user), topic);
    }

    private static Map<String, Object> client(ProxyFixture proxy, String listener, String user) {
        return new HashMap<>(
                ClientAccess.saslPlain(proxy.bootstrap(listener), user, "pw").javaProperties());
    }

    private static Path scram(String service, String username, String password) throws IOException {
        return Files.writeString(
                credentials.resolve(service + ".properties"),
                "mechanism=SCRAM-SHA-256\nusername=" + username + "\npassword=" + password + "\n");
    }

    private static AclBinding write(String principal, String topic) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry(principal, "*", AclOperation.WRITE, AclPermissionType.ALLOW));
    }
}
