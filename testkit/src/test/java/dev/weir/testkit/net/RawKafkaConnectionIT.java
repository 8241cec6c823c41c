package dev.weir.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RawKafkaConnectionIT {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("PLAINTEXT"))
                .listener(ClientListener.saslPlain("SASL", Map.of("alice", "a")))
                .start();
        kafka.createTopic("orders", 1);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void everyVersionOfARequestIsAnswered() {
        try (RawKafkaConnection connection = RawKafkaConnection.open(kafka.bootstrap("PLAINTEXT"))) {
            for (short version : ApiKeys.METADATA.allVersions()) {
                MetadataRequestData request = new MetadataRequestData()
                        .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName("orders")));
                MetadataResponseData answer =
                        connection.request(request, version).as(MetadataResponseData.class);
                assertThat(answer.topics().find("orders").errorCode())
                        .as("version %d", version)
                        .isEqualTo(Errors.NONE.code());
            }
            for (short version : ApiKeys.API_VERSIONS.allVersions()) {
                ApiVersionsRequestData request = new ApiVersionsRequestData()
                        .setClientSoftwareName("raw")
                        .setClientSoftwareVersion("1");
                assertThat(connection
                                .request(request, version)
                                .as(ApiVersionsResponseData.class)
                                .errorCode())
                        .isEqualTo(Errors.NONE.code());
            }
        }
    }

    @Test
    void requestsCanBePipelined() {
        try (RawKafkaConnection connection = RawKafkaConnection.open(kafka.bootstrap("PLAINTEXT"))) {
            int first = connection.send(new MetadataRequestData(), (short) 9);
            int second = connection.send(new MetadataRequestData(), (short) 12);
            assertThat(connection.receive(ApiKeys.METADATA, (short) 9).header().correlationId())
                    .isEqualTo(first);
            assertThat(connection.receive(ApiKeys.METADATA, (short) 12).header().correlationId())
                    .isEqualTo(second);
        }
    }

    @Test
    void loginByPassword() {
        try (RawKafkaConnection connection = RawKafkaConnection.open(kafka.bootstrap("SASL"))) {
            connection.login("alice", "a");
            assertThat(connection
                            .request(new MetadataRequestData(), (short) 12)
                            .as(MetadataResponseData.class)
                            .clusterId())
                    .isEqualTo(kafka.clusterId());
        }
        try (RawKafkaConnection connection = RawKafkaConnection.open(kafka.bootstrap("SASL"))) {
            assertThatThrownBy(() -> connection.login("alice", "wrong"))
                    .hasMessageContaining("SASL_AUTHENTICATION_FAILED");
        }
    }

    @Test
    void garbageClosesTheConnection() {
        try (RawKafkaConnection connection = RawKafkaConnection.open(kafka.bootstrap("PLAINTEXT"))) {
            connection.sendBytes(ByteBuffer.allocate(4).putInt(-5).array());
            assertThat(connection.awaitClosedInSilence()).isTrue();
        }
        try (RawKafkaConnection connection = RawKafkaConnection.open(kafka.bootstrap("PLAINTEXT"))) {
            connection.sendFrame(new byte[] {0x7f, 0x7f, 0, 0});
            assertThatThrownBy(connection::receiveFrame).isInstanceOf(UncheckedIOException.class);
        }
    }
}
