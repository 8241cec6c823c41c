package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ProxyConfig;
import dev.weir.proxy.telemetry.ProxyMetrics;
import dev.weir.proxy.telemetry.ProxyTelemetry;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.net.RawKafkaConnection;
import dev.weir.testkit.net.UnusedPorts;
import io.opentelemetry.api.metrics.MeterProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** How a proxy stops, and how it does not start. */
class DrainIT {
    private static final short FETCH_VERSION = 12;
    private static final short METADATA_VERSION = 12;
    private static final int LONG_POLL_MILLIS = 6_000;
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    @Test
    void answersWhatIsInFlightAndTakesNothingNew() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(1).start()) {
            kafka.createTopic("quiet", 1);
            ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap()).start();
            String bootstrap = weir.bootstrap();
            try (RawKafkaConnection poller = RawKafkaConnection.open(bootstrap);
                    RawKafkaConnection idle = RawKafkaConnection.open(bootstrap)) {
                idle.request(new MetadataRequestData(), METADATA_VERSION);
                poller.send(longPoll("quiet"), FETCH_VERSION);
                Patience.awaitAnswer()
                        .until(() -> weir.metrics().listener("plain").requestsInFlight() == 1);

                Future<Void> closing = weir.proxy().close();
                assertThat(idle.awaitClosedInSilence())
                        .as("nothing was owed to it")
                        .isTrue();
                try (RawKafkaConnection late = RawKafkaConnection.open(bootstrap)) {
                    assertThat(late.awaitClosedInSilence()).isTrue();
                }
                assertThat(weir.metrics().listener("plain").connectionsRefused(RefusalReason.DRAINING))
                        .isEqualTo(1);
                assertThat(closing.isComplete())
                        .as("the poll is still waited for")
                        .isFalse();

                FetchResponseData answer =
                        poller.receive(ApiKeys.FETCH, FETCH_VERSION).as(FetchResponseData.class);
                assertThat(answer.errorCode()).isZero();
                assertThat(answer.responses()).hasSize(1);
                assertThat(poller.awaitClosedInSilence()).isTrue();
                closing.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThatThrownBy(() -> RawKafkaConnection.open(bootstrap)).hasMessageContaining("refused");
            }
            assertThat(weir.metrics().listener("plain").requestsInFlight()).isZero();
            weir.close();
        }
    }

    @Test
    void waitsNotForEverAndLeavesNothingBehind() throws Exception {
        try (FakeBroker broker = FakeBroker.start()) {
            broker.responder((header, frame) -> header.requestApiKey() == ApiKeys.FETCH.id
                    ? null
                    : FakeBroker.encode(new MetadataResponseData(), header.requestApiVersion()));
            RawKafkaConnection.open(broker.bootstrap())
                    .close(); // the JVM keeps one socket from the first that it closes
            Patience.awaitAnswer().until(() -> broker.forgetClosed() == 0);
            long socketsBefore = sockets();
            long threadsBefore = vertxThreads();
            ProxyFixture weir = ProxyFixture.inFrontOf(broker.bootstrap()).start();
            try (RawKafkaConnection unanswered = RawKafkaConnection.open(weir.bootstrap())) {
                unanswered.send(longPoll("never"), FETCH_VERSION);
                Patience.awaitAnswer().until(() -> broker.requests() == 1);

                long from = System.nanoTime();
                weir.proxy().close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
                long millis = (System.nanoTime() - from) / 1_000_000;
                System.out.printf("drain: given up after %d ms%n", millis);
                assertThat(millis).isBetween(9_900L, 19_000L);
                assertThat(unanswered.awaitClosedInSilence()).isTrue();
                Patience.awaitAnswer()
                        .until(() -> weir.metrics().listener("plain").connectionsOpen() == 0);
            }
            weir.close();
            Patience.awaitAnswer().untilAsserted(() -> {
                assertThat(vertxThreads()).as("threads").isLessThanOrEqualTo(threadsBefore);
                assertThat(broker.forgetClosed())
                        .as("connections to the broker")
                        .isZero();
                assertThat(sockets()).as("sockets").isLessThanOrEqualTo(socketsBefore);
            });
        }
    }

    @Test
    void saysWhichPortIsTakenAndLeavesTheOthersFree() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (FakeBroker broker = FakeBroker.start();
                ServerSocket taken = new ServerSocket(0, 1, loopback)) {
            int free = UnusedPorts.one();
            Vertx vertx = Vertx.vertx();
            Endpoint upstream = new Endpoint(
                    "127.0.0.1", Integer.parseInt(broker.bootstrap().substring("127.0.0.1:".length())));
            ProxyConfig config = new ProxyConfig(
                    List.of(new ClusterConfig("main", List.of(upstream), null, null)),
                    List.of(listener("first", free), listener("second", taken.getLocalPort())));
            Future<WeirProxy> start = WeirProxy.start(
                    vertx,
                    config,
                    TestPolicy::allowAll,
                    new ProxyTelemetry(new ProxyMetrics(MeterProvider.noop().get("weir")), denial -> {}));

            assertThat(start.toCompletionStage().toCompletableFuture())
                    .failsWithin(Patience.ANSWER)
                    .withThrowableThat()
                    .withMessageContaining("listener second cannot listen on 127.0.0.1:" + taken.getLocalPort());
            Patience.awaitAnswer()
                    .ignoreExceptionsInstanceOf(BindException.class)
                    .until(() -> {
                        new ServerSocket(free, 1, loopback).close();
                        return true;
                    });
            Patience.awaitAnswer()
                    .untilAsserted(() -> assertThat(broker.forgetClosed())
                            .as("connections to the broker")
                            .isZero());
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private static ListenerConfig listener(String name, int port) {
        return new ListenerConfig(
                name,
                "main",
                new Endpoint("127.0.0.1", port),
                "127.0.0.1",
                BrokerPorts.ANY,
                null,
                null,
                ListenerLimits.DEFAULT);
    }

    private static FetchRequestData longPoll(String topic) {
        return new FetchRequestData()
                .setSessionEpoch(-1)
                .setMaxWaitMs(LONG_POLL_MILLIS)
                .setMinBytes(1_000_000)
                .setMaxBytes(2_000_000)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(0)
                                .setCurrentLeaderEpoch(-1)
                                .setPartitionMaxBytes(1_000_000)))));
    }

    private static long vertxThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("vert.x-"))
                .count();
    }

    /** Sockets of this process, where the system shows them; 0 elsewhere. */
    private static long sockets() throws IOException {
        if (!Files.isDirectory(OPEN_FILES)) {
            return 0;
        }
        long count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : open) {
                try {
                    count += Files.readSymbolicLink(file).toString().startsWith("socket:") ? 1 : 0;
                } catch (NoSuchFileException e) {
                    // closed meanwhile
                }
            }
        }
        return count;
    }
}
