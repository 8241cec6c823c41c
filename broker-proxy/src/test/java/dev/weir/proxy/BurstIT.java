package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many connections at once: whoever speaks is served, whatever those do who came along. */
class BurstIT {
    private static final short METADATA_VERSION = 12;
    private static final String LISTENER = "mtls";
    private static final int CLIENTS = 150;
    private static final int OTHERS = 300;

    @TempDir
    private static Path dir;

    private static FakeBroker broker;
    private static ProxyFixture weir;
    private static Witnesses witnesses;
    private static SSLSocketFactory sockets;

    @BeforeAll
    static void start() {
        broker = FakeBroker.start();
        broker.responder((header, frame) -> FakeBroker.encode(FakeBroker.oneBroker(), header.requestApiVersion()));
        TestCa ca = TestCa.create(dir, "ca");
        TestCertificate server = ca.issue(CertificateSpec.server());
        sockets = ca.clientSockets(ca.issue(CertificateSpec.client("CN=checkout")));
        ListenerTls tls = new ListenerTls(
                server.chainPem(),
                server.keyPem(),
                ClientAuth.REQUIRED,
                ca.pem(),
                List.of(CertificatePrincipal.SUBJECT_CN));
        weir = ProxyFixture.inFrontOf(broker.bootstrap())
                .listener(Witnesses.LISTENER, null, null)
                .listener(LISTENER, tls, null)
                .start();
        witnesses = Witnesses.of(weir);
    }

    @AfterAll
    static void stop() {
        witnesses.close();
        weir.close();
        broker.close();
    }

    @Test
    void clientsAreServedThatComeAtOnce() throws Exception {
        allAreServed();
    }

    @Test
    void clientsAreServedBesideOthersThatSayNothing() throws Exception {
        List<Socket> silent = others();
        try {
            allAreServed();
            allAreServed();
        } finally {
            close(silent);
        }
    }

    @Test
    void clientsAreServedAfterOthersThatGoAtOnce() throws Exception {
        close(others());
        allAreServed();
        close(others());
        allAreServed();
    }

    private static List<Socket> others() throws IOException {
        List<Socket> others = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            others.add(new Socket(
                    InetAddress.getLoopbackAddress(),
                    weir.listener(LISTENER).bootstrap().port()));
        }
        return others;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** All are connected before any of them goes. */
    private static void allAreServed() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<RawKafkaConnection> clients = new ArrayList<>();
        try {
            Callable<RawKafkaConnection> client = BurstIT::served;
            List<Future<RawKafkaConnection>> coming = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                coming.add(threads.submit(client));
            }
            witnesses.areServed();
            for (Future<RawKafkaConnection> one : coming) {
                clients.add(one.get());
            }
            witnesses.areServed();
            assertThat(clients).hasSize(CLIENTS);
        } finally {
            threads.shutdownNow();
            clients.forEach(RawKafkaConnection::close);
        }
    }

    private static RawKafkaConnection served() {
        RawKafkaConnection connection = RawKafkaConnection.openTls(weir.bootstrap(LISTENER), sockets);
        MetadataResponseData answer =
                connection.request(new MetadataRequestData(), METADATA_VERSION).as(MetadataResponseData.class);
        assertThat(answer.brokers()).isNotEmpty();
        return connection;
    }
}
