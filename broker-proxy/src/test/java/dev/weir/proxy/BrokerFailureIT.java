package dev.weir.proxy;

import static dev.weir.testkit.await.Patience.awaitAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.telemetry.UpstreamMetrics;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.EOFException;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted when a broker fails a connection on which requests wait. */
class BrokerFailureIT {
    private static final short VERSION = 4;

    private FakeBroker broker;
    private ProxyFixture weir;

    @BeforeEach
    void start() {
        broker = FakeBroker.start();
        weir = ProxyFixture.inFrontOf(broker.bootstrap()).start();
    }

    @AfterEach
    void stop() {
        weir.close();
        broker.close();
    }

    @Test
    void aBrokerThatClosesIsCounted() {
        broker.responder((header, frame) -> new byte[4]);
        broker.writer((out, frame) -> {
            if (broker.requests() > 0) {
                throw new EOFException("closed");
            }
            out.write(frame);
        });
        assertOneIsCounted(UpstreamFailure.CLOSED);
    }

    @Test
    void anAnswerToNothingIsCounted() {
        broker.responder((header, frame) -> new byte[4]);
        broker.writer((out, frame) -> {
            if (broker.requests() > 0) {
                frame[7]++; // the correlation id
            }
            out.write(frame);
        });
        assertOneIsCounted(UpstreamFailure.MALFORMED);
    }

    /** Fenced brokers are in no answer, and may still be reached: the picture from before is better than none. */
    @Test
    void aClusterOfWhichAllBrokersAreFencedKeepsThem() {
        awaitAnswer().until(() -> cluster().lastError() == null);
        var before = cluster().brokers();
        assertThat(before).hasSize(1);

        broker.fenced(true);
        awaitAnswer().untilAsserted(() -> assertThat(cluster().lastError()).contains("no broker"));
        assertThat(cluster().brokers()).isEqualTo(before);
        assertThat(weir.listener("plain").brokers()).hasSize(1);

        broker.fenced(false);
        awaitAnswer().until(() -> cluster().lastError() == null);
    }

    private ProxyStatus.ClusterStatus cluster() {
        return weir.proxy().status().clusters().get(0);
    }

    private void assertOneIsCounted(UpstreamFailure kind) {
        UpstreamMetrics metrics = weir.metrics().upstream("main");
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap())) {
            client.send(new ListGroupsRequestData(), VERSION);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        awaitAnswer().untilAsserted(() -> assertThat(metrics.failures(kind)).isEqualTo(1));
        assertThat(metrics.failures()).isEqualTo(1);
    }
}
