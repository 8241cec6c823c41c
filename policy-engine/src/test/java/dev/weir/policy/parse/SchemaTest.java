package dev.weir.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import dev.weir.policy.Policies;
import dev.weir.policy.decide.FaultApi;
import dev.weir.policy.decide.FaultError;
import dev.weir.policy.yaml.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Editors go by the schemas, Weir goes by its parser: what one refuses for its shape, the other must refuse too. */
class SchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(
                    SpecVersion.VersionFlag.V7,
                    builder -> builder.schemaMappers(mappers ->
                            mappers.mapPrefix("https://weir.dev/schema/v1/", "classpath:dev/weir/policy/schema/")))
            .getSchema(SchemaLocation.of("https://weir.dev/schema/v1/policy.json"));

    /** Every key of every kind, at least once. */
    private static List<JsonNode> everyKey() {
        try (InputStream file = Objects.requireNonNull(SchemaTest.class.getResourceAsStream("every-key.yaml"))) {
            return documents(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> documents(String yaml) {
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            documents.add(JSON.valueToTree(document));
        }
        return documents;
    }

    private static List<String> schemaErrors(JsonNode document) {
        return SCHEMA.validate(document).stream().map(Object::toString).sorted().toList();
    }

    /** What the parser says of some documents. JSON is YAML, so that what was changed need not be written anew. */
    private static List<String> parserErrors(List<JsonNode> documents) {
        String text = String.join(
                "\n---\n", documents.stream().map(JsonNode::toString).toList());
        return PolicyParser.parse(List.of(Policies.file("p.yaml", text))).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void bothAcceptEverySample() throws Exception {
        List<JsonNode> samples = new ArrayList<>(everyKey());
        assertThat(parserErrors(samples)).isEmpty();
        try (Stream<Path> files = Files.list(Path.of("../deploy/demo-policy"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                samples.addAll(documents(Files.readString(file)));
            }
        }
        for (JsonNode sample : samples) {
            assertThat(schemaErrors(sample)).as(sample.toString()).isEmpty();
        }
    }

    @Test
    void bothRefuseAnUnknownKeyAnywhere() {
        everyChange(
                object -> List.of(copy -> copy.put("unknownKey", "x")),
                (document, all, what) -> {
                    boolean names = what.matches(".*(claims|versions)$");
                    assertThat(parserErrors(all)).as("parser, %s", what).isNotEmpty();
                    if (!names) {
                        assertThat(schemaErrors(document))
                                .as("schema, %s", what)
                                .isNotEmpty();
                    }
                },
                "/spec/identities/3/claims",
                "/with/claims");
    }

    @Test
    void bothAgreeOnWhichKeysAreRequired() {
        everyChange(
                object -> {
                    List<Consumer<ObjectNode>> removals = new ArrayList<>();
                    object.fieldNames().forEachRemaining(key -> removals.add(copy -> copy.remove(key)));
                    return removals;
                },
                (document, all, what) -> {
                    List<String> schema = schemaErrors(document);
                    List<String> parser = parserErrors(all);
                    if (!schema.isEmpty()) {
                        assertThat(parser)
                                .as("the parser takes what the schema refuses: %s %s", what, schema)
                                .isNotEmpty();
                    }
                    if (parser.stream()
                            .anyMatch(error -> error.contains("missing key") || error.contains("is empty"))) {
                        assertThat(schema)
                                .as("the schema takes what the parser refuses: %s %s", what, parser)
                                .isNotEmpty();
                    }
                });
    }

    @Test
    void bothRefuseWrongValues() {
        everyChange(
                object -> {
                    List<Consumer<ObjectNode>> changes = new ArrayList<>();
                    object.fieldNames().forEachRemaining(key -> {
                        changes.add(copy -> copy.put(key, 42));
                        changes.add(copy -> copy.set(key, JSON.createArrayNode()));
                    });
                    return changes;
                },
                (document, all, what) -> {
                    boolean fits = Stream.of(
                                    "/spec/gates/records",
                                    "/spec/gates/rebalances",
                                    "/spec/create/partitions",
                                    "/spec/create/replicationFactor",
                                    "/spec/requests")
                            .anyMatch(number ->
                                    what.endsWith(number) && document.at(number).isInt());
                    if (!what.endsWith("except") && !what.endsWith("tests") && !fits) {
                        assertThat(parserErrors(all)).as("parser, %s", what).isNotEmpty();
                        assertThat(schemaErrors(document))
                                .as("schema, %s", what)
                                .isNotEmpty();
                    }
                });
    }

    @Test
    void schemasNameTheActionsThatTheParserKnows() throws Exception {
        assertThat(values("TopicAccess", "/definitions/rule/properties/allow/items/enum"))
                .isEqualTo(Verbs.TOPIC);
        assertThat(values("GroupAccess", "/definitions/rule/properties/deny/items/enum"))
                .isEqualTo(Verbs.GROUP);
        assertThat(values("AdminAccess", "/definitions/rule/properties/allow/items/enum"))
                .isEqualTo(Verbs.ADMIN);
        assertThat(values("common", "/definitions/test/properties/do/enum")).isEqualTo(QueryReader.actions());
        assertThat(values("Fault", "/properties/spec/properties/apis/items/enum"))
                .isEqualTo(FaultApi.BY_NAME.keySet());
        assertThat(values("Fault", "/properties/spec/properties/error/enum"))
                .isEqualTo(Arrays.stream(FaultError.values()).map(Enum::name).collect(Collectors.toSet()));
        assertThat(values("policy", "/properties/kind/enum")).isEqualTo(PolicyParser.kinds());
    }

    private static TreeSet<String> values(String schema, String pointer) throws Exception {
        JsonNode root = JSON.readTree(SchemaTest.class.getResource("/dev/weir/policy/schema/" + schema + ".json"));
        TreeSet<String> values = new TreeSet<>();
        root.at(pointer).forEach(value -> values.add(value.asText()));
        return values;
    }

    private interface Changes {
        List<Consumer<ObjectNode>> of(ObjectNode object);
    }

    private interface Check {
        void check(JsonNode document, List<JsonNode> all, String what);
    }

    /** Makes every change to every object of the sample, one at a time. */
    private static void everyChange(Changes changes, Check check, String... except) {
        List<JsonNode> documents = everyKey();
        int made = 0;
        for (int i = 0; i < documents.size(); i++) {
            for (String pointer : objects(documents.get(i), "")) {
                if (Stream.of(except).anyMatch(pointer::endsWith)) {
                    continue;
                }
                ObjectNode original = (ObjectNode) documents.get(i).at(pointer);
                for (Consumer<ObjectNode> change : changes.of(original)) {
                    JsonNode changed = documents.get(i).deepCopy();
                    ObjectNode object = (ObjectNode) changed.at(pointer);
                    change.accept(object);
                    List<JsonNode> all = new ArrayList<>(documents);
                    all.set(i, changed);
                    String what = documents.get(i).path("kind").asText() + pointer + difference(original, object);
                    check.check(changed, all, what);
                    made++;
                }
            }
        }
        assertThat(made).isGreaterThan(10);
    }

    private static String difference(ObjectNode before, ObjectNode after) {
        Iterator<String> keys = before.fieldNames();
        while (keys.hasNext()) {
            String key = keys.next();
            if (!before.get(key).equals(after.get(key))) {
                return "/" + key;
            }
        }
        return "";
    }

    private static List<String> objects(JsonNode node, String pointer) {
        List<String> pointers = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            pointers.add(pointer);
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                pointers.addAll(objects(field.getValue(), pointer + "/" + field.getKey()));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                pointers.addAll(objects(array.get(i), pointer + "/" + i));
            }
        }
        return pointers;
    }
}
