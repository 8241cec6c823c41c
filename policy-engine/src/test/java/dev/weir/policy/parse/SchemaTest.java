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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

    // every key of every kind, at least once
    private static final String EVERYTHING = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: payments, owner: team, description: text}
            spec:
              identities:
                - san: spiffe://shop/payments
                - {sasl: payments, mechanism: PLAIN}
                - dn: CN=payments
                - claims: {iss: a, sub: b}
              versions: {v1: {clientId: "payments-*"}}
            ---
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: public}
            spec: {identities: [{anonymous: true}]}
            ---
            apiVersion: weir.dev/v1
            kind: MeshDefaults
            metadata: {name: mesh}
            spec: {mode: enforce}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: orders}
            spec:
              topics: [orders, "orders.*"]
              mode: enforce
              rules:
                - id: all
                  allow: [produce, consume, describe]
                  services: ["*"]
                  except: [public]
                  topics: [orders.card]
                  groups: ["g*"]
                  transactionalIds: [tx]
                  when:
                    tls: true
                    mechanism: [PLAIN, mTLS]
                    source: [10.0.0.0/8, "::1"]
                    claims: {team: [red, blue]}
                    clientId: ["a*"]
                  expires: 2030-01-31T12:00:00Z
                  mode: dry-run
                - {id: none, deny: [produce], services: [public]}
                - {id: read, allow: [consume], services: [payments]}
              tests:
                - as: payments
                  do: consume
                  topic: orders
                  group: g1
                  with: {tls: true, mechanism: PLAIN, source: 10.0.0.1, claims: {team: red}, clientId: a}
                  expect: deny
                  by: default-deny
            ---
            apiVersion: weir.dev/v1
            kind: GroupAccess
            metadata: {name: groups}
            spec:
              groups: ["g*"]
              rules:
                - {id: some, allow: [consume, describe, delete], services: [payments], groups: [g1], expires: 2030-01-31}
              tests:
                - {as: anonymous, do: describe, group: g1, expect: deny}
            ---
            apiVersion: weir.dev/v1
            kind: AdminAccess
            metadata: {name: admin}
            spec:
              mode: dry-run
              rules:
                - {id: a, allow: [all], services: [payments], topics: ["*"], groups: [g], transactionalIds: [t]}
                - {id: b, deny: [alterConfigs, describe], services: ["*"], cluster: true, delegationTokens: [t]}
                - {id: c, allow: [createTokens], services: [payments], users: [u]}
              tests:
                - {as: payments, do: create, cluster: true, expect: deny}
                - {as: payments, do: twoPhaseCommit, transactionalId: t, expect: deny}
                - {as: payments, do: describe, delegationToken: t, expect: deny}
                - {as: payments, do: createTokens, user: u, expect: deny}
            ---
            apiVersion: weir.dev/v1
            kind: Slo
            metadata: {name: in-time, owner: team}
            spec: {group: payments-1, cluster: main, topics: ["orders*"], objective: 99.9%, within: 30s, window: 30d}
            ---
            apiVersion: weir.dev/v1
            kind: Slo
            metadata: {name: services-are-in-time}
            spec: {service: payments, topics: [orders.card], objective: "99 %", within: 500s}
            ---
            apiVersion: weir.dev/v1
            kind: IdentityPropagation
            metadata: {name: who-wrote-it, owner: team}
            spec:
              topics: [orders, "orders.*"]
              headers: {principal: true, traceparent: true, signature: true}
              mode: dry-run
            ---
            apiVersion: weir.dev/v1
            kind: IdentityPropagation
            metadata: {name: traces}
            spec: {topics: [payments], headers: {traceparent: keep}}
            ---
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: shipping}
            spec: {identities: [{sasl: shipping}], versions: {v1: {clientId: "v1-*"}, v2: {clientId: "v2-*"}}}
            ---
            apiVersion: weir.dev/v1
            kind: Canary
            metadata: {name: shipping-v2, owner: team}
            spec:
              group: shipping
              topics: [parcels]
              stable: {service: shipping, version: v1}
              canary: {service: shipping, version: v2}
              strategy: match
              match: {header: x-tenant, values: [acme, foo]}
              handover: unordered
              weight: 10%
              mode: enforce
            ---
            apiVersion: weir.dev/v1
            kind: Canary
            metadata: {name: returns-v2}
            spec:
              group: returns
              topics: [returns, refunds]
              stable: {service: shipping, clientId: "stable-*"}
              canary: {service: shipping, clientId: next}
              strategy: match
              match: {keys: [k1, k2]}
              steps: [{weight: 0.5%, hold: 10m}, {weight: "100 %"}]
              gates: {timeLag: 30s, errorShare: 1%, deadLetterShare: 0.1%, processingTime: 2s, rebalances: 3, records: 50, onFailure: pause}
            ---
            apiVersion: weir.dev/v1
            kind: Canary
            metadata: {name: stamps-v2}
            spec:
              group: stamps
              topics: [stamps]
              stable: {service: shipping, version: v1}
              canary: {service: shipping, version: v2}
              strategy: partition
              steps: [{weight: 10%, hold: 10m}, {weight: 100%}]
            ---
            apiVersion: weir.dev/v1
            kind: Canary
            metadata: {name: labels-dark}
            spec:
              group: labels
              topics: [labels]
              stable: {service: shipping, clientId: "labels-*"}
              canary: {service: shipping, clientId: "dark-*"}
              strategy: shadow
              redirect: [prints]
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: parcels}
            spec:
              topics: [parcels, returns, refunds, labels, stamps]
              rules: [{id: read, allow: [consume], services: [shipping], groups: [shipping, returns, labels, stamps]}]
            ---
            apiVersion: weir.dev/v1
            kind: Mirror
            metadata: {name: orders-to-staging, owner: team}
            spec:
              topics: [orders, "orders.*"]
              to: {cluster: staging, topic: "mirror.{topic}"}
              header: {name: x-tenant, values: [acme]}
              create: {partitions: 6, replicationFactor: 3}
              transactions: uncommitted
            ---
            apiVersion: weir.dev/v1
            kind: Mirror
            metadata: {name: payments-too}
            spec: {topics: [payments], to: {topic: payments-shadow}, share: 10%}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: no-leader, owner: team}
            spec:
              service: payments
              clientId: "payments-*"
              apis: [Produce, Fetch]
              topics: [orders, "orders.*"]
              share: 0.5%
              error: NOT_LEADER_OR_FOLLOWER
              expires: 2030-01-31T12:00:00Z
              mode: dry-run
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: slow}
            spec: {service: payments, delay: 200ms}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: cut}
            spec: {service: payments, disconnect: true}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: quiet}
            spec: {service: payments, throttle: 1s}
            ---
            apiVersion: weir.dev/v1
            kind: Quota
            metadata: {name: payments, owner: team}
            spec:
              service: payments
              topics: [orders, "orders.*"]
              produceBytes: 10MB
              fetchBytes: 1.5 GiB
              requests: 500
              burst: 2s
              mode: dry-run
            """;

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
        List<JsonNode> samples = new ArrayList<>(documents(EVERYTHING));
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
        List<JsonNode> documents = documents(EVERYTHING);
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
