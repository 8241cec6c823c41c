package dev.weir.proxy.rule;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Produce requests and batches as no client library would make them. */
final class RawProduce {
    private static final byte[] VALUE = "value".getBytes(StandardCharsets.UTF_8);

    private final EmbeddedKafka kafka;

    /** @param kafka where the topics are */
    RawProduce(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    /** A batch that is none. */
    static MemoryRecords bad(String kind) {
        ByteBuffer good = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1, null, VALUE))
                .buffer();
        ByteBuffer bad = ByteBuffer.allocate(2 * good.remaining()).put(good.duplicate());
        switch (kind) {
            case "broken" -> bad.put(bad.position() - 3, (byte) 1);
            case "old" -> {
                return MemoryRecords.withRecords((byte) 1, Compression.NONE, new SimpleRecord(1, null, VALUE));
            }
            case "trailing" -> bad.put(good.duplicate());
            default -> bad.clear();
        }
        return MemoryRecords.readableRecords(bad.flip());
    }

    /** What becomes of a request for two topics, by their names. */
    Map<String, Errors> produce(
            RawKafkaConnection connection, String first, MemoryRecords records, String second, MemoryRecords others) {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        add(request, (short) 12, first, records);
        add(request, (short) 12, second, others);
        Map<String, Errors> errors = new TreeMap<>();
        connection
                .request(request, (short) 12)
                .as(ProduceResponseData.class)
                .responses()
                .forEach(topic -> errors.put(
                        topic.name(),
                        Errors.forCode(topic.partitionResponses().get(0).errorCode())));
        return errors;
    }

    /** In the order of its partitions. */
    static List<Errors> errors(ProduceResponseData response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitionResponses().stream())
                .map(partition -> Errors.forCode(partition.errorCode()))
                .toList();
    }

    /** For partition 0 of a topic, which is named as the version does it. */
    void add(ProduceRequestData request, short version, String topic, MemoryRecords records) {
        ProduceRequestData.TopicProduceData data = new ProduceRequestData.TopicProduceData()
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(0)
                        .setRecords(records)));
        if (version >= 13) {
            data.setTopicId(topicId(topic));
        } else {
            data.setName(topic);
        }
        request.topicData().add(data);
    }

    private Uuid topicId(String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .topicId();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
