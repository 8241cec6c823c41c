package dev.weir.proxy.canary.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.authorize.FakeContext;
import dev.weir.proxy.authorize.OnTheWire;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.canary.group.SharedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to write, in every version: nothing of a shadow gets to a topic that somebody reads. */
class ShadowWritesTest {
    private static final short BY_ID = 13;

    /** What a client may send. */
    private enum Batch {
        PLAIN,
        IDEMPOTENT,
        TRANSACTIONAL;

        MemoryRecords records() {
            SimpleRecord record = new SimpleRecord("v".getBytes());
            return switch (this) {
                case PLAIN -> MemoryRecords.withRecords(Compression.NONE, record);
                case IDEMPOTENT -> MemoryRecords.withIdempotentRecords(Compression.NONE, 7L, (short) 0, 0, record);
                case TRANSACTIONAL ->
                    MemoryRecords.withTransactionalRecords(Compression.NONE, 7L, (short) 0, 0, record);
            };
        }
    }

    static Stream<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        for (short version : OnTheWire.versions(ApiKeys.PRODUCE)) {
            for (Batch batch : Batch.values()) {
                for (short acks : new short[] {-1, 0, 1}) {
                    ways.add(Arguments.of(version, batch, acks));
                }
            }
        }
        return ways.stream();
    }

    private static ProduceRequestData request(short version, Batch batch, short acks, String... topics) {
        ProduceRequestData request =
                new ProduceRequestData().setAcks(acks).setTransactionalId(batch == Batch.TRANSACTIONAL ? "t" : null);
        for (String topic : topics) {
            // a client that is told nothing else knows a topic by the id that it was told with the name
            String told = topic.equals("receipts") ? "receipts.shadow" : topic.replace("!", "");
            request.topicData()
                    .add(new TopicProduceData()
                            .setName(version < BY_ID ? topic.replace("!", "") : "")
                            .setTopicId(version < BY_ID ? Uuid.ZERO_UUID : FakeContext.idOf(told))
                            .setPartitionData(List.of(
                                    new PartitionProduceData().setIndex(1).setRecords(batch.records()))));
        }
        return request;
    }

    private static String topics(ProduceRequestData request) {
        return String.join(
                ",",
                request.topicData().stream()
                        .map(topic -> topic.name().isEmpty() ? Dark.topic(topic.topicId()) : topic.name())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatItWritesGoesElsewhere(short version, Batch batch, short acks) {
        ShadowContext shadow = Dark.context(Dark.client(version, SharedGroup.DARK));
        Outcome outcome = Dark.decide(ApiKeys.PRODUCE, request(version, batch, acks, "receipts"), shadow);

        if (version >= BY_ID && batch != Batch.TRANSACTIONAL) {
            assertThat(outcome).as("the client was told no other id").isInstanceOf(Outcome.Forward.class);
            return;
        }
        ProduceRequestData sent = OnTheWire.upstream(outcome, ProduceRequestData.class, shadow);
        assertThat(topics(sent)).isEqualTo("receipts.shadow");
        assertThat(sent.transactionalId()).isEqualTo(batch == Batch.TRANSACTIONAL ? "t~canary" : null);
        if (acks != 0) {
            ProduceResponseData answered = new ProduceResponseData();
            answered.responses()
                    .add(new TopicProduceResponse()
                            .setName(version < BY_ID ? "receipts.shadow" : "")
                            .setTopicId(version < BY_ID ? Uuid.ZERO_UUID : FakeContext.idOf("receipts.shadow"))
                            .setPartitionResponses(List.of(
                                    new PartitionProduceResponse().setIndex(1).setBaseOffset(8))));
            assertThat(OnTheWire.downstream(outcome, answered, shadow).responses())
                    .singleElement()
                    .satisfies(topic -> {
                        assertThat(topic.name()).isEqualTo(version < BY_ID ? "receipts" : "");
                        assertThat(topic.partitionResponses().get(0).baseOffset())
                                .isEqualTo(8);
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void nothingElseIsWritten(short version, Batch batch, short acks) {
        for (String topic : List.of("bills", "audit", "receipts.shadow.shadow", "receipts!")) {
            if (topic.equals("receipts!") ? version < BY_ID : topic.endsWith(".shadow")) {
                continue; // by name it goes elsewhere, and there is no such id
            }
            FakeContext client = Dark.client(version, SharedGroup.DARK);
            Outcome outcome = Dark.decide(ApiKeys.PRODUCE, request(version, batch, acks, topic), Dark.context(client));
            if (acks == 0) {
                assertThat(outcome).isInstanceOf(Outcome.Close.class);
                assertThat(((Outcome.Close) outcome).last()).isNull();
            } else {
                assertThat(OnTheWire.answer(outcome, ProduceResponseData.class, client)
                                .responses())
                        .flatExtracting(TopicProduceResponse::partitionResponses)
                        .extracting(one -> Errors.forCode(one.errorCode()))
                        .containsExactly(
                                topic.equals("receipts!")
                                        ? Errors.UNKNOWN_TOPIC_ID
                                        : Errors.TOPIC_AUTHORIZATION_FAILED);
            }
            if (!topic.equals("receipts!")) {
                assertThat(client.denials()).containsExactly("TOPIC:" + topic + ":WRITE:dark");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void ofBothKindsOneGoesOn(short version, Batch batch, short acks) {
        ShadowContext shadow = Dark.context(Dark.client(version, SharedGroup.DARK));
        Outcome outcome = Dark.decide(ApiKeys.PRODUCE, request(version, batch, acks, "bills", "receipts"), shadow);

        if (acks == 0) {
            ProduceRequestData last = (ProduceRequestData) ((Outcome.Close) outcome).last();
            assertThat(topics(last)).isEqualTo("receipts.shadow");
            return;
        }
        assertThat(topics(OnTheWire.upstream(outcome, ProduceRequestData.class, shadow)))
                .isEqualTo("receipts.shadow");
        ProduceResponseData answered = OnTheWire.downstream(outcome, new ProduceResponseData(), shadow);
        assertThat(answered.responses())
                .singleElement()
                .satisfies(topic -> assertThat(topic.partitionResponses().get(0).errorCode())
                        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code()));
    }

    @ParameterizedTest
    @EnumSource(Batch.class)
    void withoutARuleOfPolicyItWritesNothingAtAll(Batch batch) {
        FakeContext client = new FakeContext(9)
                .clientId(SharedGroup.DARK)
                .canaries(SharedGroup.policy().canaries(), SharedGroup.SERVICE)
                .topics("receipts", "receipts.shadow");
        Outcome outcome =
                Dark.decide(ApiKeys.PRODUCE, request((short) 9, batch, (short) 1, "receipts"), Dark.context(client));

        assertThat(outcome).isInstanceOf(Outcome.Answer.class);
        assertThat(client.denials())
                .containsExactly(batch == Batch.TRANSACTIONAL ? "TRANSACTIONAL_ID:t:WRITE" : "TOPIC:receipts:WRITE");
    }
}
