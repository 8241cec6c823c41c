package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.wire.AddressMap.Address;
import dev.weir.proxy.wire.AddressMap.Role;
import dev.weir.proxy.wire.RandomMessages.Kind;
import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Addresses in every response of every version: the splice gives the bytes that changing the objects gives. */
class AddressRewriterTest {

    private static final int MESSAGES_PER_KIND = 12;

    private final MessageSpecs specs = new MessageSpecs();
    private final MessageCodec codec = new MessageCodec(specs);
    private final AddressRewriter rewriter =
            new AddressRewriter(AddressRewriter.programs(specs), AddressRewriter.programsWithTopics(specs));

    @Test
    void takesTopicsOutOfMetadataOfEveryVersionAsChangingTheObjectsDoes() {
        AddressMap addresses = (role, nodeId, host, port) -> new Address("weir.example.org", port + 1);
        for (short version = 0; version <= ApiMessageType.METADATA.highestSupportedVersion(true); version++) {
            for (String shown : List.of("", "a", "b", "c", "a b", "b c", "a c", "a b c", "other")) {
                List<String> names = List.of(shown.split(" ", -1));
                ByteBuf body = Unpooled.wrappedBuffer(body(version, metadata("kafka", 9092, List.of("a", "b", "c"))));
                ByteBuf edited = rewriter.rewrite(
                        UnpooledByteBufAllocator.DEFAULT,
                        ApiKeys.METADATA.id,
                        version,
                        body,
                        addresses,
                        names::contains);
                assertThat(edited).isNotNull();
                assertThat(ByteBufUtil.getBytes(edited))
                        .as("version %s, shown %s", version, names)
                        .isEqualTo(body(version, metadata("weir.example.org", 9093, names)));
                edited.release();
            }
        }
    }

    private static MetadataResponseData metadata(String host, int port, List<String> shown) {
        MetadataResponseData response = new MetadataResponseData().setControllerId(3);
        response.brokers()
                .add(new MetadataResponseData.MetadataResponseBroker()
                        .setNodeId(3)
                        .setHost(host)
                        .setPort(port));
        for (String name : List.of("a", "b", "c")) {
            if (shown.contains(name)) {
                MetadataResponseData.MetadataResponseTopic topic =
                        new MetadataResponseData.MetadataResponseTopic().setName(name);
                for (int p = 0; p < name.charAt(0) - 'a'; p++) {
                    topic.partitions()
                            .add(new MetadataResponseData.MetadataResponsePartition()
                                    .setPartitionIndex(p)
                                    .setReplicaNodes(List.of(1, 2, 3)));
                }
                response.topics().add(topic);
            }
        }
        return response;
    }

    private byte[] body(short version, MetadataResponseData message) {
        ByteBuf frame =
                codec.encodeResponse(UnpooledByteBufAllocator.DEFAULT, ApiKeys.METADATA.id, version, 1, message);
        int headBytes = 8 + MessageCodec.responseHeaderVersion(ApiKeys.METADATA.id, version);
        byte[] body = ByteBufUtil.getBytes(frame, headBytes, frame.readableBytes() - headBytes);
        frame.release();
        return body;
    }

    @Test
    void theClientFacingResponsesThatCarryAddresses() {
        TreeSet<String> found = new TreeSet<>();
        for (Kind kind : RandomMessages.kinds(specs)) {
            ApiMessageType api = ApiMessageType.fromApiKey(kind.spec().apiKey());
            if (kind.spec().direction() == Direction.RESPONSE
                    && api.listeners().contains(ApiMessageType.ListenerType.BROKER)
                    && rewriter.hasAddresses(kind.spec().apiKey(), kind.version())) {
                found.add(api.name);
            }
        }
        assertThat(found)
                .containsExactly(
                        "DescribeCluster",
                        "DescribeQuorum",
                        "Fetch",
                        "FindCoordinator",
                        "Metadata",
                        "Produce",
                        "ShareAcknowledge",
                        "ShareFetch");
    }

    @Test
    void theBytesAreThoseOfTheChangedObjects() {
        RandomMessages messages = new RandomMessages(7);
        for (Kind kind : RandomMessages.kinds(specs)) {
            for (int i = 0; i < MESSAGES_PER_KIND && kind.spec().direction() == Direction.RESPONSE; i++) {
                ByteBuf body = RandomMessages.encode(messages.message(kind), kind.version());
                ApiMessage message = codec.decodeResponse(kind.spec().apiKey(), kind.version(), body);
                boolean changed = changeAddresses(message);
                ByteBuf rewritten = rewrite(kind, body, AddressRewriterTest::map);
                assertThat(rewritten != null).as("%s is rewritten", kind).isEqualTo(changed);
                if (rewritten != null) {
                    assertThat(rewritten).as(kind.toString()).isEqualTo(RandomMessages.encode(message, kind.version()));
                    rewritten.release();
                }
            }
        }
    }

    @Test
    void whatNoClientMaySeeIsBlank() {
        MetadataResponseData metadata = new MetadataResponseData();
        metadata.brokers()
                .add(new MetadataResponseData.MetadataResponseBroker()
                        .setNodeId(4)
                        .setHost("kafka-4.internal")
                        .setPort(9092));
        Kind kind = kind(ApiKeys.METADATA, 12);
        ByteBuf out = rewrite(kind, RandomMessages.encode(metadata, kind.version()), (role, node, host, port) -> null);
        MetadataResponseData seen =
                (MetadataResponseData) codec.decodeResponse(ApiKeys.METADATA.id, kind.version(), out);
        assertThat(seen.brokers().find(4).host()).isEmpty();
        assertThat(seen.brokers().find(4).port()).isEqualTo(-1);
        out.release();
    }

    @Test
    void theUsualFetchResponseIsNotCopied() {
        Kind kind = kind(ApiKeys.FETCH, 17);
        FetchResponseData fetch = new FetchResponseData();
        fetch.responses().add(new FetchResponseData.FetchableTopicResponse());
        assertThat(rewrite(kind, RandomMessages.encode(fetch, kind.version()), AddressRewriterTest::map))
                .isNull();
    }

    @Test
    void aCoordinatorThatIsNotKnownStaysBlank() {
        Kind kind = kind(ApiKeys.FIND_COORDINATOR, 2);
        FindCoordinatorResponseData none = new FindCoordinatorResponseData()
                .setErrorCode((short) 15)
                .setNodeId(-1)
                .setPort(-1);
        assertThat(rewrite(kind, RandomMessages.encode(none, kind.version()), AddressRewriterTest::map))
                .isNull();
    }

    @Test
    void controllersAreAskedForAsControllers() {
        List<String> asked = new ArrayList<>();
        AddressMap map = (role, node, host, port) -> {
            asked.add(role + " " + node + " " + host + ":" + port);
            return null;
        };
        DescribeQuorumResponseData quorum = new DescribeQuorumResponseData();
        DescribeQuorumResponseData.Node node = new DescribeQuorumResponseData.Node().setNodeId(3000);
        node.listeners()
                .add(new DescribeQuorumResponseData.Listener()
                        .setName("CONTROLLER")
                        .setHost("c1")
                        .setPort(9093));
        quorum.nodes().add(node);
        ByteBuf out = rewrite(kind(ApiKeys.DESCRIBE_QUORUM, 2), RandomMessages.encode(quorum, (short) 2), map);
        DescribeQuorumResponseData seen =
                (DescribeQuorumResponseData) codec.decodeResponse(ApiKeys.DESCRIBE_QUORUM.id, (short) 2, out);
        assertThat(seen.nodes().find(3000).listeners().find("CONTROLLER").port())
                .as("a 16-bit port cannot be -1")
                .isZero();
        out.release();

        DescribeClusterResponseData cluster = new DescribeClusterResponseData().setEndpointType((byte) 2);
        cluster.brokers()
                .add(new DescribeClusterResponseData.DescribeClusterBroker()
                        .setBrokerId(3001)
                        .setHost("c2")
                        .setPort(9093));
        rewrite(kind(ApiKeys.DESCRIBE_CLUSTER, 1), RandomMessages.encode(cluster, (short) 1), map)
                .release();
        assertThat(asked).containsExactly("CONTROLLER 3000 c1:9093", "CONTROLLER 3001 c2:9093");
    }

    private Kind kind(ApiKeys api, int version) {
        return new Kind(specs.spec(api.id, Direction.RESPONSE), (short) version);
    }

    private @Nullable ByteBuf rewrite(Kind kind, ByteBuf body, AddressMap map) {
        return rewriter.rewrite(UnpooledByteBufAllocator.DEFAULT, kind.spec().apiKey(), kind.version(), body, map);
    }

    /** One that depends on all it is given, is sometimes long and sometimes blank. */
    private static @Nullable Address map(Role role, int nodeId, String host, int port) {
        if (port % 5 == 0) {
            return null;
        }
        return new Address(
                ("broker-" + nodeId + ".weir.example").repeat(1 + Math.abs(port % 7)), Math.abs(port % 60000));
    }

    /** Does to the objects what the rewriter does to the bytes; says whether there was anything to do. */
    private static boolean changeAddresses(ApiMessage message) {
        boolean[] changed = {false};
        RandomMessages.forEachStruct(message, inner -> {
            if (inner instanceof DescribeQuorumResponseData.Node node) {
                for (DescribeQuorumResponseData.Listener listener : node.listeners()) {
                    changed[0] |= changeAddress(listener, node.nodeId());
                }
            } else if (!(inner instanceof DescribeQuorumResponseData.Listener)
                    && !inner.getClass().getSimpleName().equals("Endpoint")) {
                changed[0] |= changeAddress(inner, -1);
            }
        });
        return changed[0];
    }

    private static boolean changeAddress(Message struct, int outerNodeId) {
        Method setHost = method(struct, "setHost", String.class);
        Method setPort = method(struct, "setPort", int.class);
        if (setHost == null || setPort == null) {
            return false;
        }
        String host = (String) call(method(struct, "host"), struct);
        if (host.isEmpty()) {
            return false;
        }
        int nodeId = outerNodeId;
        for (String name : List.of("nodeId", "brokerId", "leaderId")) {
            Method id = method(struct, name);
            if (id != null) {
                nodeId = (int) call(id, struct);
            }
        }
        Address mapped = map(Role.BROKER, nodeId, host, (int) call(method(struct, "port"), struct));
        boolean shortPort = struct.getClass().getName().matches(".*(Quorum|Snapshot|[.]Vote).*");
        call(setHost, struct, mapped == null ? "" : mapped.host());
        call(setPort, struct, mapped == null ? (shortPort ? 0 : -1) : mapped.port());
        return true;
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
