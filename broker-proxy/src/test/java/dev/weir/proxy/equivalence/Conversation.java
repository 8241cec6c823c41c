package dev.weir.proxy.equivalence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** One user's requests on one side, and what came back in a form that can be compared with the other side's. */
final class Conversation {
    /** What depends on the moment, on the address, or on nothing but chance. */
    private static final Set<String> VOLATILE =
            Set.of("throttleTimeMs", "clientHost", "host", "port", "finalizedFeaturesEpoch");

    /** Begins a message in which the controller prints the request that it refuses. */
    private static final Pattern PRINTED = Pattern.compile("^Request .* (?=needs [A-Z_]+ permission)");

    /** Answer in the order in which they were asked; elsewhere Kafka's order comes from a hash map. */
    private static final Set<ApiKeys> ORDERED =
            EnumSet.of(ApiKeys.FIND_COORDINATOR, ApiKeys.DESCRIBE_PRODUCERS, ApiKeys.DESCRIBE_TRANSACTIONS);

    private final Laboratory laboratory;
    private final Side side;
    private final User user;
    private final Scene scene;
    private final short version;
    private final Set<String> masked;
    private final List<String> heard = new ArrayList<>();

    Conversation(Laboratory laboratory, Side side, User user, Scene scene, short version, Set<String> masked) {
        this.laboratory = laboratory;
        this.side = side;
        this.user = user;
        this.scene = scene;
        this.version = version;
        this.masked = masked;
    }

    Scene scene() {
        return scene;
    }

    short version() {
        return version;
    }

    /** All answers so far, normalised. */
    List<String> heard() {
        return heard;
    }

    /** Asks in the version of the row. */
    ApiMessage ask(ApiMessage body) throws Exception {
        return ask(body, version);
    }

    ApiMessage ask(ApiMessage body, short inVersion) throws Exception {
        try {
            ApiMessage answer = connection().request(body, inVersion).body();
            heard.add(normal(answer, inVersion));
            return answer;
        } catch (UncheckedIOException e) {
            laboratory.forget(side, user);
            throw new IllegalStateException(side + " " + user + " got no answer to " + body + ": " + e.getMessage(), e);
        }
    }

    /** The connection that this user keeps on this side. */
    RawKafkaConnection connection() {
        return laboratory.connection(side, user);
    }

    /** A connection of this case's own, without a login. */
    RawKafkaConnection newConnection() {
        return laboratory.open(side);
    }

    User user() {
        return user;
    }

    void hear(String what) {
        heard.add(what);
    }

    void hear(ApiMessage answer, short inVersion) throws Exception {
        heard.add(normal(answer, inVersion));
    }

    /** Sets the scene: as super user, past Weir, whatever the side. */
    <T extends ApiMessage> T arrange(ApiMessage body, int inVersion, Class<T> type) {
        return laboratory.root().request(body, (short) inVersion).as(type);
    }

    private String normal(ApiMessage answer, short inVersion) throws Exception {
        Class<?> converter = Class.forName(answer.getClass().getName() + "JsonConverter");
        JsonNode json = (JsonNode)
                converter.getMethod("write", answer.getClass(), short.class).invoke(null, answer, inVersion);
        Map<String, String> names = scene.ids().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getValue().toString(), Map.Entry::getKey));
        ApiKeys api = ApiKeys.forId(answer.apiKey());
        return api + " v" + inVersion + " " + normal(json, names, !ORDERED.contains(api));
    }

    private JsonNode normal(JsonNode node, Map<String, String> names, boolean sort) {
        if (node instanceof TextNode text) {
            String value = names.getOrDefault(text.asText(), text.asText());
            return new TextNode(
                    PRINTED.matcher(value.replace(scene.token(), "#")).replaceFirst("Request "));
        }
        if (node instanceof ObjectNode object) {
            object.remove(VOLATILE);
            object.remove(masked);
            object.properties().forEach(field -> field.setValue(normal(field.getValue(), names, sort)));
        }
        if (node instanceof ArrayNode array) {
            List<JsonNode> elements = new ArrayList<>();
            array.forEach(element -> perPartition(normal(element, names, sort)).forEach(elements::add));
            if (sort) {
                elements.sort(Comparator.comparing(JsonNode::toString));
            }
            return array.removeAll().addAll(elements);
        }
        return node;
    }

    /** A topic may come as one with all its partitions or as several with some each: here each has one. */
    private static List<JsonNode> perPartition(JsonNode topic) {
        JsonNode partitions = topic.path("partitions");
        if (!(topic instanceof ObjectNode object) || partitions.size() < 2) {
            return List.of(topic);
        }
        List<JsonNode> each = new ArrayList<>();
        partitions.forEach(partition -> {
            ObjectNode one = object.deepCopy();
            one.putArray("partitions").add(partition);
            each.add(one);
        });
        return each;
    }
}
