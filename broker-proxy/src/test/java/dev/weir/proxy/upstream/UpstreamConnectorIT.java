package dev.weir.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.FakeBroker;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.tls.HandshakeThreads;
import dev.weir.proxy.tls.Handshakes;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.net.UnusedPorts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which no connection comes about is known for what it is. */
class UpstreamConnectorIT {
    private static final UpstreamTls TLS = new UpstreamTls(null, null, null, false);
    private static final UpstreamSasl PLAIN = UpstreamSasl.plain("weir", "a-password");

    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void nobodyListens() throws Exception {
        assertThat(failure(new Endpoint("127.0.0.1", UnusedPorts.one()), null, null))
                .isEqualTo(UpstreamFailure.CONNECT);
    }

    @Test
    void aBrokerThatSpeaksNoTls() throws Exception {
        assertThat(failureAt(socket -> socket.getOutputStream().write(new byte[64]), TLS))
                .isEqualTo(UpstreamFailure.TLS);
    }

    @Test
    void aBrokerThatDoesNotTakeTheMechanism() throws Exception {
        byte[] refusal = FakeBroker.encode(
                new SaslHandshakeResponseData()
                        .setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code())
                        .setMechanisms(List.of("GSSAPI")),
                (short) 1);
        assertThat(failureAt(socket -> answer(socket, 0, refusal), null)).isEqualTo(UpstreamFailure.CREDENTIALS);
    }

    @Test
    void aBrokerThatCloses() throws Exception {
        assertThat(failureAt(UpstreamConnectorIT::readRequest, null)).isEqualTo(UpstreamFailure.CLOSED);
    }

    @Test
    void aBrokerThatAnswersSomethingElse() throws Exception {
        assertThat(failureAt(socket -> answer(socket, 4711, new byte[8]), null)).isEqualTo(UpstreamFailure.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void handshakesAreNotTheWorkOfEventLoops(boolean withCertificate, @TempDir Path dir) throws Exception {
        TestCa ca = TestCa.create(dir, "ca");
        TestCertificate server = ca.issue(CertificateSpec.server());
        PemKeyCertOptions keys = new PemKeyCertOptions()
                .setCertPath(server.chainPem().toString())
                .setKeyPath(server.keyPem().toString());
        NetServer listening = vertx.createNetServer(
                        new NetServerOptions().setSsl(true).setKeyCertOptions(keys))
                .connectHandler(socket -> {})
                .listen(0, "127.0.0.1")
                .await();
        Endpoint broker = new Endpoint("localhost", listening.actualPort());
        UpstreamTls tls = new UpstreamTls(ca.pem(), null, null, true);
        try (HandshakeThreads threads = new HandshakeThreads();
                UpstreamConnector connector = new UpstreamConnector(
                        vertx,
                        new ClusterConfig("main", List.of(broker), tls, null),
                        new MessageCodec(new MessageSpecs()),
                        new Handshakes(threads))) {
            Promise<UpstreamConnector.AuthenticatedSocket> connected = Promise.promise();
            vertx.getOrCreateContext()
                    .runOnContext(ignored -> connector
                            .connect(broker, new Credential(withCertificate ? keys : null, null))
                            .onComplete(connected));
            assertThat(connected.future().await().socket().isSsl()).isTrue();
            assertThat(threads.steps()).isPositive();
        } finally {
            listening.close().await();
        }
    }

    @FunctionalInterface
    private interface Peer {
        void serve(Socket socket) throws IOException;
    }

    private static void readRequest(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.readNBytes(in.readInt());
    }

    private static void answer(Socket socket, int correlationId, byte[] body) throws IOException {
        readRequest(socket);
        OutputStream out = socket.getOutputStream();
        out.write(ByteBuffer.allocate(8 + body.length)
                .putInt(4 + body.length)
                .putInt(correlationId)
                .put(body)
                .array());
        socket.getInputStream().read(); // until Weir closes
    }

    /** Connects to a peer that serves one connection and then closes it. */
    private static UpstreamFailure failureAt(Peer peer, @Nullable UpstreamTls tls) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (Socket socket = server.accept()) {
                    peer.serve(socket);
                } catch (IOException e) {
                    // Weir has closed first
                }
            });
            UpstreamFailure failure =
                    failure(new Endpoint("127.0.0.1", server.getLocalPort()), tls, tls == null ? PLAIN : null);
            served.get(10, TimeUnit.SECONDS);
            return failure;
        }
    }

    private static UpstreamFailure failure(Endpoint broker, @Nullable UpstreamTls tls, @Nullable UpstreamSasl sasl) {
        Promise<UpstreamConnector.AuthenticatedSocket> promise = Promise.promise();
        try (HandshakeThreads threads = new HandshakeThreads();
                UpstreamConnector connector = new UpstreamConnector(
                        vertx,
                        new ClusterConfig("main", List.of(broker), tls, sasl),
                        new MessageCodec(new MessageSpecs()),
                        new Handshakes(threads))) {
            vertx.getOrCreateContext()
                    .runOnContext(ignored ->
                            connector.connect(broker, connector.own()).onComplete(promise));
            Future<?> connected = promise.future();
            Patience.awaitAnswer().until(connected::isComplete);
            assertThat(connected.cause()).isInstanceOf(UpstreamException.class);
            return ((UpstreamException) connected.cause()).kind();
        }
    }
}
