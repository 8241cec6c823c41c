package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.net.RawKafkaConnection;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;

/**
 * Connections that do nothing wrong, on a listener of their own: more than there are event loops, which get connections
 * in turn, so that each loop has one beside whatever a test does to another.
 */
final class Witnesses implements AutoCloseable {
    static final String LISTENER = "witness";
    private static final short METADATA_VERSION = 12;

    private final List<RawKafkaConnection> connections = new ArrayList<>();

    private Witnesses() {}

    static Witnesses of(ProxyFixture weir) {
        Witnesses witnesses = new Witnesses();
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            witnesses.connections.add(RawKafkaConnection.open(weir.bootstrap(LISTENER)));
        }
        witnesses.areServed();
        return witnesses;
    }

    /** Each asks, and is answered, on the connection that it has had from the beginning. */
    void areServed() {
        for (RawKafkaConnection connection : connections) {
            MetadataResponseData answer = connection
                    .request(new MetadataRequestData(), METADATA_VERSION)
                    .as(MetadataResponseData.class);
            assertThat(answer.brokers()).isNotEmpty();
        }
    }

    @Override
    public void close() {
        connections.forEach(RawKafkaConnection::close);
    }
}
