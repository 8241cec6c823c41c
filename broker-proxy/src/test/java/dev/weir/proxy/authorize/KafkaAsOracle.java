package dev.weir.proxy.authorize;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.testkit.net.RawKafkaConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.network.RequestConvertToJson;

/**
 * A broker with StandardAuthorizer that is asked twice: by {@code alice}, whom its ACLs hold to what she may do, and by a
 * super user behind an authorizer of Weir's that was told the same. Both have to hear the same.
 */
final class KafkaAsOracle implements AutoCloseable {
    /** Differ from one request to the next, whoever asks. */
    private static final List<String> VOLATILE = List.of("throttleTimeMs");

    /** Answer in the order in which they were asked. */
    private static final Set<ApiKeys> ORDERED =
            EnumSet.of(ApiKeys.FIND_COORDINATOR, ApiKeys.DESCRIBE_PRODUCERS, ApiKeys.DESCRIBE_TRANSACTIONS);

    private final EmbeddedKafka kafka;
    private final RawKafkaConnection alice;
    private final RawKafkaConnection weir;
    private final Map<String, Uuid> ids = new HashMap<>();
    private final List<AclBinding> acls = new ArrayList<>();
    private final List<Consumer<FakeContext>> grants = new ArrayList<>();

    KafkaAsOracle() {
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.saslPlain("CLIENTS", Map.of("alice", "a", "weir", "w")))
                .authorizer("User:weir")
                .start();
        alice = RawKafkaConnection.open(kafka.bootstrap("CLIENTS")).login("alice", "a");
        weir = RawKafkaConnection.open(kafka.bootstrap("CLIENTS")).login("weir", "w");
    }

    /** Creates a topic with two partitions, at the brokers and as the authorizers see it. */
    KafkaAsOracle topic(String name) throws Exception {
        Uuid id = kafka.admin()
                .createTopics(List.of(new NewTopic(name, 2, (short) 1)))
                .topicId(name)
                .get(10, TimeUnit.SECONDS);
        ids.put(name, id);
        grants.add(context -> context.topic(name, id));
        return this;
    }

    /** The id of a topic that {@link #topic} made, or an id that no topic has. */
    Uuid id(String topic) {
        return ids.getOrDefault(topic, FakeContext.idOf(topic));
    }

    /** Allows alice something, in both worlds. Takes effect with {@link #ready}. */
    KafkaAsOracle allow(ResourceType type, String name, Operation... operations) {
        for (Operation operation : operations) {
            acls.add(new AclBinding(
                    new ResourcePattern(
                            org.apache.kafka.common.resource.ResourceType.fromString(type.name()),
                            name,
                            PatternType.LITERAL),
                    new AccessControlEntry(
                            "User:alice",
                            "*",
                            AclOperation.fromCode((byte) operation.code()),
                            AclPermissionType.ALLOW)));
        }
        grants.add(context -> context.allow(type, name, operations));
        return this;
    }

    /** Waits until the broker, and not just the controller, knows of topics and permissions. */
    KafkaAsOracle ready() throws Exception {
        kafka.admin().createAcls(acls).all().get(10, TimeUnit.SECONDS);
        awaitSettled().untilAsserted(() -> {
            assertThat(topicNames()).containsAll(ids.keySet());
            assertThat(kafka.admin().describeAcls(AclBindingFilter.ANY).values().get(10, TimeUnit.SECONDS))
                    .hasSameSizeAs(acls);
        });
        return this;
    }

    Set<String> topicNames() throws Exception {
        return kafka.admin().listTopics().names().get(10, TimeUnit.SECONDS);
    }

    void deleteTopic(String name) throws Exception {
        kafka.admin().deleteTopics(List.of(name)).all().get(10, TimeUnit.SECONDS);
    }

    /** The super user's own connection, to set the scene. */
    RawKafkaConnection weir() {
        return weir;
    }

    /** Asks both ways and compares; each way gets its own copy of the request. */
    void assertSame(ApiAuthorizer<?> authorizer, ApiMessage request, short version, String... masked) {
        ApiMessage direct =
                alice.request(OnTheWire.request(request, version), version).body();
        ApiMessage decided = ask(authorizer, request, version);
        assertThat(normal(decided, version, masked))
                .as("%s v%s: %s", ApiKeys.forId(request.apiKey()), version, request)
                .isEqualTo(normal(direct, version, masked));
    }

    /** Asks as alice, by way of an authorizer. */
    @SuppressWarnings("unchecked")
    <Q extends ApiMessage> ApiMessage ask(ApiAuthorizer<Q> authorizer, ApiMessage request, short version) {
        FakeContext context = new FakeContext(version);
        grants.forEach(grant -> grant.accept(context));
        Outcome outcome = OnTheWire.decide(authorizer, (Q) request, context);
        if (outcome instanceof Outcome.Answer answer) {
            return OnTheWire.response(answer.response(), version);
        }
        ApiMessage sent = outcome instanceof Outcome.Rewrite rewrite ? rewrite.request() : request;
        ApiMessage answered =
                weir.request(OnTheWire.request(sent, version), version).body();
        return OnTheWire.downstream(outcome, answered, context);
    }

    /** As JSON, without what is volatile, and with arrays sorted where Kafka's order comes from a hash map. */
    private static JsonNode normal(ApiMessage response, short version, String... masked) {
        ApiKeys api = ApiKeys.forId(response.apiKey());
        JsonNode json = RequestConvertToJson.response(
                AbstractResponse.parseResponse(
                        ApiKeys.forId(response.apiKey()), MessageUtil.toByteBufferAccessor(response, version), version),
                version);
        normalize(json, !ORDERED.contains(api), masked);
        return json;
    }

    private static void normalize(JsonNode node, boolean sort, String... masked) {
        if (node instanceof ObjectNode object) {
            object.remove(VOLATILE);
            object.remove(List.of(masked));
        }
        node.forEach(child -> normalize(child, sort, masked));
        if (sort && node instanceof ArrayNode array) {
            List<JsonNode> sorted = new ArrayList<>();
            array.forEach(sorted::add);
            sorted.sort(Comparator.comparing(JsonNode::toString));
            array.removeAll();
            array.addAll(sorted);
        }
    }

    @Override
    public void close() {
        alice.close();
        weir.close();
        kafka.close();
    }
}
