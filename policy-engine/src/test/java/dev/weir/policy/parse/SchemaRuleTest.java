package dev.weir.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.yaml.Problem;
import dev.weir.schema.framing.Framing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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

    @Test
    void namesASchemaBesideItWhichUsesATypeOfAnother() {
        SchemaGuard guard = compile(good("topics: [orders, \"o.*\"], value: {schema: schemas/order.avsc}"))
                .find("o.1");

        assertThat(guard.onViolation()).isEqualTo(OnViolation.REJECT);
        assertThat(guard.tombstones()).isTrue();
        assertThat(guard.key()).isNull();
        assertThat(guard.value().framing()).isEqualTo(Framing.NONE);
        assertThat(guard.value().schema()).isEqualTo("team/schemas/order.avsc");
        assertThat(guard.value().validator().check(new byte[] {2, 2, 'a'}, 0, 3))
                .isNull();
        assertThat(guard.value().validator().check(new byte[] {2, 9, 'a'}, 0, 3))
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
}
