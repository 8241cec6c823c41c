package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.FakeBroker;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.wire.RandomMessages.Kind;
import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.FieldType;
import dev.weir.proxy.wire.spec.MessageSpecs;
import dev.weir.proxy.wire.spec.StructSpec;
import dev.weir.testkit.net.KafkaFrames;
import dev.weir.testkit.net.RawKafkaConnection;
import dev.weir.testkit.net.UnusedPorts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * No address of a broker reaches a client. In every response, in every version, every field that is called a host or a
 * port is set to a mark, and what the client gets is searched for it. A real broker cannot be made to answer so: the
 * upstream here is a peer that speaks the real wire protocol, over a real socket, with messages made by their spec and
 * Kafka's own classes ({@link FakeBroker}). What brokers say of themselves in their configs comes from a real one.
 */
class AddressLeakIT {
    private static final String HOST = "broker-of-the-inner-net.example";
    private static final int PORT = 0xBEEF;
    private static final int MESSAGES_PER_KIND = 4;
    private static final int RECORDS_BYTES = 1_500_000;

    /** Where applications answer each other (KIP-1071), and the clients that ACLs are about. */
    private static final Set<String> NOT_BROKERS = Set.of(
            "StreamsGroupHeartbeatResponse",
            "StreamsGroupDescribeResponse",
            "DescribeAclsResponse",
            "DeleteAclsResponse");

    private static final MessageSpecs SPECS = new MessageSpecs();
    private static FakeBroker broker;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() {
        broker = FakeBroker.start();
        weir = ProxyFixture.inFrontOf(broker.bootstrap()).start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        broker.close();
    }

    @Test
    void noResponseShowsWhereABrokerIs() {
        RandomMessages messages = new RandomMessages(11);
        TreeSet<String> tried = new TreeSet<>();
        int responses = 0;
        for (Kind kind : kindsWithHosts()) {
            if (!isServed(kind)) {
                continue;
            }
            try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap())) {
                if (kind.spec().apiKey() == ApiKeys.SHARE_ACKNOWLEDGE.id) {
                    openShareSession(client);
                }
                for (int i = 0; i < MESSAGES_PER_KIND; i++) {
                    assertHidden(kind, client, marked(kind, messages));
                    responses++;
                }
            }
            tried.add(kind.spec().name());
        }
        System.out.printf("addresses: %d responses of %s%n", responses, tried);
        assertThat(tried)
                .as("what this release of Kafka has")
                .containsExactly(
                        "DescribeClusterResponse",
                        "DescribeQuorumResponse",
                        "FetchResponse",
                        "FindCoordinatorResponse",
                        "MetadataResponse",
                        "ProduceResponse",
                        "ShareAcknowledgeResponse",
                        "ShareFetchResponse");
    }

    @Test
    void aLongResponseThatStreamsInPiecesDoesNotEither() {
        RandomMessages messages = new RandomMessages(12);
        Random random = new Random(13);
        broker.writer((out, frame) -> writeInPieces(out, frame, random));
        try {
            int responses = 0;
            for (Kind kind : kindsWithHosts()) {
                boolean fetch =
                        kind.spec().apiKey() == ApiKeys.FETCH.id || kind.spec().apiKey() == ApiKeys.SHARE_FETCH.id;
                if (fetch) {
                    ApiMessage response = marked(kind, messages);
                    addRecords(response, random);
                    try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap())) {
                        assertHidden(kind, client, response);
                    }
                    responses++;
                }
            }
            assertThat(responses).as("versions with node endpoints").isGreaterThanOrEqualTo(2);
        } finally {
            broker.writer(OutputStream::write);
        }
    }

    @Test
    void whatBrokersAloneSayToEachOtherIsNotServed() {
        int refused = 0;
        for (Kind kind : kindsWithHosts()) {
            if (!isServed(kind) && kind.version() == kind.spec().validVersions().highest()) {
                try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap())) {
                    client.send(request(kind), kind.version());
                    assertThat(client.awaitClosedInSilence())
                            .as(kind.toString())
                            .isTrue();
                    refused++;
                }
            }
        }
        assertThat(refused).as("Vote, FetchSnapshot and their like").isPositive();
    }

    @Test
    void aRealBrokersConfigsDoNotSayWhereItIs() {
        Pattern address = Pattern.compile("(127\\.0\\.0\\.1|0\\.0\\.0\\.0|localhost|\\[::1?]|://[^:/]*):\\d+");
        int fixed = UnusedPorts.one(); // a broker that binds port 0 shows 0 in its configs
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .brokers(1)
                        .listener(ClientListener.plaintext("CLIENTS").withFirstPort(fixed))
                        .start();
                ProxyFixture real = ProxyFixture.inFrontOf(kafka.bootstrap()).start();
                RawKafkaConnection client = RawKafkaConnection.open(real.bootstrap());
                RawKafkaConnection direct = RawKafkaConnection.open(kafka.bootstrap())) {
            int nodeId = kafka.brokerIds().iterator().next();
            DescribeConfigsRequestData request =
                    new DescribeConfigsRequestData().setIncludeSynonyms(true).setIncludeDocumentation(false);
            request.resources()
                    .add(new DescribeConfigsResource()
                            .setResourceType((byte) 4)
                            .setResourceName(Integer.toString(nodeId))
                            .setConfigurationKeys(null));
            request.resources()
                    .add(new DescribeConfigsResource()
                            .setResourceType((byte) 4)
                            .setResourceName("")
                            .setConfigurationKeys(null));
            String port = kafka.bootstrap().substring(kafka.bootstrap().lastIndexOf(':') + 1);
            for (short version = ApiKeys.DESCRIBE_CONFIGS.oldestVersion();
                    version <= ApiKeys.DESCRIBE_CONFIGS.latestVersion();
                    version++) {
                String bare = text(direct.request(request, version).frame());
                assertThat(bare.contains(":" + port) && address.matcher(bare).find())
                        .as("the broker itself says it, so the search can find it")
                        .isTrue();
                String seen = text(client.request(request, version).frame());
                assertThat(seen.contains("log.segment.bytes")).isTrue();
                assertThat(seen.contains(port))
                        .as("the port in DescribeConfigs v%s", version)
                        .isFalse();
                assertThat(address.matcher(seen)
                                .results()
                                .map(found -> found.group())
                                .toList())
                        .as("addresses in DescribeConfigs v%s", version)
                        .isEmpty();
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void assertHidden(Kind kind, RawKafkaConnection client, ApiMessage response) {
        nameKnownTopics(kind, response);
        ByteBuf encoded = RandomMessages.encode(response, kind.version());
        byte[] body = ByteBufUtil.getBytes(encoded);
        encoded.release();
        assertThat(contains(body, HOST)).as("%s is marked", kind).isTrue();
        broker.responder((header, frame) -> body);
        long before = broker.requests();
        client.send(request(kind), kind.version());
        byte[] got = client.receiveFrame();
        assertThat(broker.requests()).as("%s came to the broker", kind).isEqualTo(before + 1);
        assertThat(contains(got, HOST)).as("%s: the mark in its bytes", kind).isFalse();
        ApiMessage seen = KafkaFrames.decodeResponse(
                        got, ApiKeys.forId(kind.spec().apiKey()), kind.version())
                .body();
        RandomMessages.forEachStruct(seen, struct -> {
            Method port = method(struct, "port");
            if (port != null) {
                assertThat((int) call(port, struct)).as("%s: a port", kind).isNotEqualTo(PORT);
            }
        });
    }

    /** What a client did not ask for, and nobody knows, does not go on. */
    private static void nameKnownTopics(Kind kind, ApiMessage response) {
        if (response instanceof FetchResponseData fetch && kind.version() >= 13) {
            fetch.responses().forEach(topic -> topic.setTopicId(FakeBroker.TOPIC_ID));
        } else if (response instanceof ShareFetchResponseData fetch) {
            fetch.responses().removeIf(topic -> !topic.topicId().equals(FakeBroker.TOPIC_ID));
        }
    }

    /** An acknowledgement goes on only in a session that this connection has opened. */
    private static void openShareSession(RawKafkaConnection client) {
        short version = ApiKeys.SHARE_FETCH.latestVersion();
        broker.responder((header, frame) -> FakeBroker.encode(new ShareFetchResponseData(), version));
        client.request(shareFetch(), version);
    }

    private static ShareFetchRequestData shareFetch() {
        return new ShareFetchRequestData()
                .setGroupId("group")
                .setMemberId("member")
                .setShareSessionEpoch(0);
    }

    /** A message by chance, with the mark in at least one place and in all there are. */
    private static ApiMessage marked(Kind kind, RandomMessages messages) {
        for (int tries = 0; tries < 1_000; tries++) {
            ApiMessage message = messages.message(kind);
            boolean[] marked = {false};
            RandomMessages.forEachStruct(message, struct -> {
                Method host = method(struct, "setHost", String.class);
                Method port = method(struct, "setPort", int.class);
                // an empty one may be of other versions only, where nothing may be set
                if (host != null
                        && port != null
                        && !call(method(struct, "host"), struct).equals("")) {
                    call(host, struct, HOST);
                    call(port, struct, PORT);
                    marked[0] = true;
                }
            });
            if (marked[0]) {
                return message;
            }
        }
        throw new AssertionError(kind + ": no place for a host was ever filled");
    }

    private static void addRecords(ApiMessage response, Random random) {
        byte[] bytes = new byte[RECORDS_BYTES];
        random.nextBytes(bytes);
        MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
        if (response instanceof FetchResponseData fetch) {
            fetch.responses()
                    .add(new FetchResponseData.FetchableTopicResponse()
                            .setTopicId(FakeBroker.TOPIC_ID)
                            .setPartitions(List.of(new FetchResponseData.PartitionData().setRecords(records))));
        } else if (response instanceof ShareFetchResponseData fetch) {
            ShareFetchResponseData.ShareFetchableTopicResponse topic =
                    new ShareFetchResponseData.ShareFetchableTopicResponse().setTopicId(FakeBroker.TOPIC_ID);
            topic.partitions().add(new ShareFetchResponseData.PartitionData().setRecords(records));
            fetch.responses().add(topic);
        }
    }

    /** The end of a response, where the node endpoints are, byte by byte or nearly so. */
    private static void writeInPieces(OutputStream out, byte[] frame, Random random) throws IOException {
        for (int at = 0; at < frame.length; ) {
            int most = frame.length - at > 2_000 ? 60_000 : 9;
            int bytes = Math.min(1 + random.nextInt(most), frame.length - at);
            out.write(frame, at, bytes);
            out.flush();
            at += bytes;
        }
    }

    /** A request that goes on to the broker. */
    private static ApiMessage request(Kind kind) {
        ApiMessage request = ApiKeys.forId(kind.spec().apiKey()).messageType.newRequest();
        if (request instanceof ProduceRequestData produce) {
            return produce.setAcks((short) 1);
        } else if (request instanceof MetadataRequestData metadata) {
            return kind.version() == 0 ? metadata : metadata.setTopics(null);
        } else if (request instanceof FindCoordinatorRequestData coordinator) {
            return kind.version() >= 4 ? coordinator.setCoordinatorKeys(List.of("group")) : coordinator.setKey("group");
        } else if (request instanceof FetchRequestData fetch) {
            fetch.setMaxWaitMs(0).setSessionEpoch(-1).setSessionId(0);
            return kind.version() < 13
                    ? fetch
                    : fetch.setTopics(List.of(new FetchRequestData.FetchTopic().setTopicId(FakeBroker.TOPIC_ID)));
        } else if (request instanceof ShareFetchRequestData) {
            return shareFetch();
        } else if (request instanceof ShareAcknowledgeRequestData acknowledge) {
            return acknowledge.setGroupId("group").setMemberId("member").setShareSessionEpoch(1);
        }
        return request;
    }

    private static boolean isServed(Kind kind) {
        ApiKeys api = ApiKeys.forId(kind.spec().apiKey());
        return ApiAuthorizers.advertises(api)
                && kind.version() >= api.oldestVersion()
                && kind.version() <= api.latestVersion(true);
    }

    /** Found by nothing but the fields' names. */
    private static List<Kind> kindsWithHosts() {
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : RandomMessages.kinds(SPECS)) {
            if (kind.spec().direction() == Direction.RESPONSE
                    && !NOT_BROKERS.contains(kind.spec().name())
                    && hasHost(kind.spec().body(), kind.version())) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private static boolean hasHost(StructSpec struct, int version) {
        for (FieldSpec field : struct.fields()) {
            if (!field.versions().contains(version)) {
                continue;
            }
            String name = field.name();
            if ((name.contains("Host") || name.contains("Port")) && !name.equals("ClientHost")) {
                return true;
            }
            if (field.type().element() instanceof FieldType.Struct inner && hasHost(inner.spec(), version)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(byte[] bytes, String text) {
        return text(bytes).contains(text);
    }

    private static @Nullable Method method(Message struct, String name, Class<?>... parameters) {
        try {
            return struct.getClass().getMethod(name, parameters);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static Object call(Method method, Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(method.toString(), e);
        }
    }
}
