package dev.weir.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.decide.SchemaGuard.Source;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.yaml.Problem;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.registry.SchemaDemand;
import dev.weir.schema.registry.SchemaDemand.Level;
import dev.weir.schema.registry.SubjectNaming;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaRuleTest {
    private static final String ORDER = """
            {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}, {"name": "line", "type": "Line"}]}
            """;
    private static final String LINE = """
            {"type": "record", "name": "Line", "fields": [{"name": "sku", "type": "string"}]}
            """;

    private static String rule(String name, String spec) {
        return "apiVersion: weir.dev/v1\nkind: SchemaRule\nmetadata: {name: " + name + ", owner: team}\nspec: {" + spec
                + "}\n---\n";
    }

    private static Parsed parse(String yaml, String... pathsAndContents) {
        List<PolicyFile> files = new ArrayList<>();
        files.add(file("team/rules.yaml", yaml));
        for (int i = 0; i < pathsAndContents.length; i += 2) {
            files.add(file(pathsAndContents[i], pathsAndContents[i + 1]));
        }
        return PolicyParser.parse(files);
    }

    private static PolicyFile file(String path, String content) {
        return new PolicyFile(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> problems(String yaml, String... pathsAndContents) {
        return parse(yaml, pathsAndContents).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private static Parsed good(String spec) {
        Parsed parsed = parse(rule("orders", spec), "team/schemas/order.avsc", ORDER, "team/schemas/line.avsc", LINE);
        assertThat(parsed.problems()).isEmpty();
        return parsed;
    }

    private static TopicTable<SchemaGuard> compile(Parsed parsed) {
        return CompiledSnapshot.compileForever(parsed.policy(), "r1").schemas();
    }

    private static Source.Declared declared(SchemaGuard.Check check) {
        return (Source.Declared) check.source();
    }

    @Test
    void namesASchemaBesideItWhichUsesATypeOfAnother() {
        SchemaGuard guard = compile(good("topics: [orders, \"o.*\"], value: {schema: schemas/order.avsc}"))
                .find("o.1");

        assertThat(guard.onViolation()).isEqualTo(OnViolation.REJECT);
        assertThat(guard.tombstones()).isTrue();
        assertThat(guard.key()).isNull();
        assertThat(guard.value().framing()).isEqualTo(Framing.NONE);
        assertThat(declared(guard.value()).schema()).isEqualTo("team/schemas/order.avsc");
        assertThat(declared(guard.value()).validator().check(new byte[] {2, 2, 'a'}, 0, 3))
                .isNull();
        assertThat(declared(guard.value()).validator().check(new byte[] {2, 9, 'a'}, 0, 3))
                .isNotNull();
        assertThat(guard.rule()).hasToString("orders (team/rules.yaml:3)");
    }

    @Test
    void observesWhereItOrTheMeshSaysSo() {
        assertThat(compile(good(
                                "topics: [t], onViolation: observe, key: {schema: schemas/line.avsc, framing: confluent},"
                                        + " tombstones: refuse"))
                        .find("t"))
                .satisfies(guard -> {
                    assertThat(guard.onViolation()).isEqualTo(OnViolation.OBSERVE);
                    assertThat(guard.tombstones()).isFalse();
                    assertThat(guard.key().framing()).isEqualTo(Framing.CONFLUENT_PREFIX);
                });
        assertThat(compile(good("topics: [t], mode: dry-run, value: {schema: schemas/line.avsc}"))
                        .find("t")
                        .onViolation())
                .isEqualTo(OnViolation.OBSERVE);
        assertThat(compile(good("topics: [t], onViolation: tag, value: {schema: schemas/line.avsc}"))
                        .find("t")
                        .onViolation())
                .isEqualTo(OnViolation.TAG);
    }

    @Test
    void quarantinesToATopic() {
        assertThat(compile(good("topics: [t], onViolation: quarantine, deadLetterTopic: bad,"
                                + " value: {schema: schemas/line.avsc}"))
                        .find("t"))
                .satisfies(guard -> {
                    assertThat(guard.onViolation()).isEqualTo(OnViolation.QUARANTINE);
                    assertThat(guard.deadLetterTopic()).isEqualTo("bad");
                });
    }

    @Test
    void aDeadLetterTopicIsNamedExactlyWhereRecordsGoThere() {
        String value = ", value: {schema: line.avsc}";
        assertThat(problems(rule("a", "topics: [t], onViolation: quarantine" + value), "team/line.avsc", LINE))
                .singleElement()
                .asString()
                .contains("quarantine needs a topic");
        assertThat(problems(rule("a", "topics: [t], deadLetterTopic: bad" + value), "team/line.avsc", LINE))
                .singleElement()
                .asString()
                .contains("team/rules.yaml:4", "nothing would ever go to this topic");
        for (String name : List.of("_weir-flows", "\"bad*\"", "\"a topic\"", "\"\"")) {
            assertThat(problems(
                            rule("a", "topics: [t], onViolation: quarantine, deadLetterTopic: " + name + value),
                            "team/line.avsc",
                            LINE))
                    .as(name)
                    .hasSize(1);
        }
    }

    @Test
    void aDeadLetterTopicIsNotGuarded() {
        String spec = ", onViolation: quarantine, value: {schema: line.avsc}";
        assertThat(problems(rule("a", "topics: [t], deadLetterTopic: t" + spec), "team/line.avsc", LINE))
                .singleElement()
                .asString()
                .contains("SchemaRule a", "cannot be guarded itself");
        assertThat(problems(
                        rule("a", "topics: [t], deadLetterTopic: t.bad" + spec)
                                + rule("b", "topics: [\"t.*\"], value: {schema: line.avsc}"),
                        "team/line.avsc",
                        LINE))
                .singleElement()
                .asString()
                .contains("SchemaRule b", "guards this topic by t.*");
    }

    @Test
    void aSchemaThatIsNotThereIsNamedWithThoseThatAre() {
        assertThat(problems(
                        rule("orders", "topics: [t], value: {schema: schemas/oder.avsc}"),
                        "team/schemas/order.avsc",
                        LINE))
                .singleElement()
                .asString()
                .contains("team/rules.yaml:4", "schemas/oder.avsc", "team/schemas/order.avsc");
    }

    @Test
    void aSchemaThatIsNoneIsSaidWithItsFile() {
        assertThat(problems(
                        rule("orders", "topics: [t], value: {schema: a.avsc}"), "team/a.avsc", "{\"type\": \"recrd\"}"))
                .singleElement()
                .asString()
                .contains("team/a.avsc", "no schema: ");
    }

    @Test
    void saysSomethingOfKeysOrValues() {
        assertThat(problems(rule("orders", "topics: [t]")))
                .singleElement()
                .asString()
                .contains("says nothing of keys or values");
    }

    @Test
    void eachTopicHasOneRule() {
        String value = ", value: {schema: line.avsc}";
        assertThat(problems(
                        rule("a", "topics: [\"o*\"]" + value) + rule("b", "topics: [p, \"o*\"]" + value),
                        "team/line.avsc",
                        LINE))
                .singleElement()
                .asString()
                .contains("SchemaRule a", "is about the same topics");
        assertThat(problems(
                        rule("a", "topics: [o]" + value) + rule("a", "topics: [p]" + value), "team/line.avsc", LINE))
                .singleElement()
                .asString()
                .contains("SchemaRule a is declared twice");
    }

    @Test
    void namesARegistryAndASubject() {
        Parsed parsed = good("topics: [t], key: {registry: main, subject: ids, level: id, framing: apicurio},"
                + " value: {registry: other, subjectNaming: topic-record}, onNoSchema: allow, onRegistryDown: allow");
        assertThat(compile(parsed).find("t")).satisfies(guard -> {
            assertThat(guard.schemaless()).isTrue();
            assertThat(guard.unsettled()).isTrue();
            assertThat(guard.key().framing()).isEqualTo(Framing.APICURIO);
            assertThat(guard.key().source())
                    .isEqualTo(new Source.Registered(
                            "main",
                            new SchemaDemand(new SubjectNaming.Fixed("ids"), Level.ID, Reading.of(Framing.APICURIO))));
            assertThat(guard.value().framing()).isEqualTo(Framing.CONFLUENT_PREFIX);
            assertThat(guard.value().source())
                    .isEqualTo(new Source.Registered(
                            "other",
                            new SchemaDemand(
                                    SubjectNaming.Strategy.TOPIC_RECORD,
                                    Level.PAYLOAD,
                                    Reading.of(Framing.CONFLUENT_PREFIX))));
        });
        assertThat(CompiledSnapshot.compileForever(parsed.policy(), "r1").schemaRegistries())
                .containsExactlyInAnyOrder("main", "other");
        assertThat(compile(good("topics: [t], value: {registry: main}")).find("t"))
                .satisfies(guard -> {
                    assertThat(guard.schemaless()).isFalse();
                    assertThat(guard.unsettled()).isFalse();
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            registry: main, schema: line.avsc              | schemas come from one place
            registry: main, framing: none                  | a record that says no schema cannot be looked up
            registry: main, subject: a, subjectNaming: topic | the subject is said twice
            schema: line.avsc}, onRegistryDown: allow, key: {schema: line.avsc | no registry is asked
            registry: main, level: header                  | unknown value: found "header", expected one of id, payload
            registry: main, subjectNaming: name            | expected one of record, topic, topic-record
            """)
    void mistakesAboutARegistryAreSaid(String value, String words) {
        assertThat(problems(rule("orders", "topics: [t], value: {" + value + "}"), "team/line.avsc", LINE))
                .singleElement()
                .asString()
                .contains("team/rules.yaml:4", words);
    }
}
