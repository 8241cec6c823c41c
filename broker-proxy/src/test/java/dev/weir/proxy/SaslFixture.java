package dev.weir.proxy;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A proxy whose listeners take passwords, by a users file that can be changed, or certificates, of which some can be taken back. */
final class SaslFixture implements AutoCloseable {
    static final String PASSWORD = "correct-horse";
    static final String SCRAM_512 = "SCRAM-SHA-512";
    static final long LIFETIME_MILLIS = 5_000;

    private final FakeBroker broker = FakeBroker.start();
    private final ProxyFixture weir;
    private final TestCa ca;
    private final Path users;
    private final Path crl;

    /** By user and kind of secret, in the order of the file. */
    private final Map<String, String> lines = new LinkedHashMap<>();

    /** @param dir for its files */
    SaslFixture(Path dir) throws IOException {
        broker.responder((header, frame) -> FakeBroker.encode(FakeBroker.oneBroker(), header.requestApiVersion()));
        users = dir.resolve("users");
        for (String user : List.of("shop", "other", "leaver", "changer")) {
            put(user, PASSWORD);
        }
        ca = TestCa.create(dir, "ca");
        crl = ca.revoke(dir.resolve("revoked.pem"));
        TestCertificate server = ca.issue(CertificateSpec.server());
        ListenerTls tls = TestTls.of(server);
        weir = ProxyFixture.inFrontOf(broker.bootstrap())
                .listener("all", tls, sasl(false, 0))
                .listener("plaintext", null, sasl(false, 0))
                .listener("short", tls, sasl(false, LIFETIME_MILLIS))
                .listener("expiring", tls, sasl(false, 500))
                .listener("early", null, sasl(true, 0))
                .listener("twice", null, sasl(true, 0))
                .listener("mtls", TestTls.mutual(server, ca, crl), null)
                .start();
    }

    private ListenerSasl sasl(boolean allowWithoutTls, long lifetimeMillis) {
        return new ListenerSasl(
                List.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512),
                users,
                null,
                allowWithoutTls,
                lifetimeMillis);
    }

    /** The user may log in by that password from now on, and by no other. */
    void put(String user, String password) throws IOException {
        lines.put(
                user + " plain",
                user + ":"
                        + PasswordHash.create(password, PasswordHash.ITERATIONS_MIN)
                                .encoded());
        for (Mechanism mechanism : List.of(Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512)) {
            lines.put(
                    user + " " + mechanism,
                    user + ":"
                            + ScramKeys.create(mechanism, password, ScramKeys.ITERATIONS_MIN)
                                    .encoded());
        }
        write();
    }

    void remove(String user) throws IOException {
        lines.keySet().removeIf(key -> key.startsWith(user + " "));
        write();
    }

    /** As an operator's tool does it: whole or not at all. */
    private void write() throws IOException {
        Path next = Files.write(users.resolveSibling("users.new"), lines.values());
        Files.move(next, users, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    ListenerMetrics metrics(String listener) {
        return weir.metrics().listener(listener);
    }

    String bootstrap(String listener) {
        return weir.bootstrap(listener);
    }

    TestCa ca() {
        return ca;
    }

    void takeBack(TestCertificate certificate) {
        ca.revoke(crl, certificate);
    }

    RawKafkaConnection tls(String listener) {
        return RawKafkaConnection.openTls(weir.bootstrap(listener), ca.clientSockets(null));
    }

    static SaslAuthenticateResponseData logIn(SaslTalk talk, String mechanism, String user, String password) {
        return mechanism.equals("PLAIN") ? talk.plain(user, password) : talk.scram(mechanism, user, password);
    }

    boolean canLogIn(String mechanism, String user, String password) {
        try (RawKafkaConnection client = tls("all")) {
            return logIn(new SaslTalk(client), mechanism, user, password).errorCode() == Errors.NONE.code();
        }
    }

    @Override
    public void close() {
        weir.close();
        broker.close();
    }
}
