package dev.weir.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.yaml.Problem;
import dev.weir.schema.PayloadValidator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Schemas of other formats than Avro beside the policy. */
class SchemaFormatsTest {
    private static final String PROTO = """
            syntax = "proto3";
            package shop;
            import "money.proto";
            message Order { Money price = 1; }
            message Item { string sku = 1; }
            """;
    private static final String MONEY = "syntax = \"proto3\"; package shop; message Money { int64 cents = 1; }";
    private static final String JSON =
            "{\"type\": \"object\", \"properties\": {\"price\": {\"$ref\": \"money.json\"}}}";

    private static Parsed parse(String spec, String... pathsAndContents) {
        List<PolicyFile> files = new ArrayList<>();
        files.add(file(
                "team/rules.yaml",
                "apiVersion: weir.dev/v1\nkind: SchemaRule\nmetadata: {name: orders, owner: team}\nspec: {" + spec
                        + "}\n"));
        for (int i = 0; i < pathsAndContents.length; i += 2) {
            files.add(file("team/" + pathsAndContents[i], pathsAndContents[i + 1]));
        }
        return PolicyParser.parse(files);
    }

    private static PolicyFile file(String path, String content) {
        return new PolicyFile(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private static PayloadValidator value(Parsed parsed) {
        assertThat(parsed.problems()).isEmpty();
        SchemaGuard guard =
                CompiledSnapshot.compileForever(parsed.policy(), "r1").schemas().find("t");
        return ((SchemaGuard.Source.Declared) guard.value().source()).validator();
    }

    private static void assertProblem(Parsed parsed, String... words) {
        assertThat(parsed.problems().stream().map(Problem::toString))
                .singleElement()
                .asString()
                .contains(words);
    }

    private static boolean takes(PayloadValidator validator, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return validator.check(bytes, 0, bytes.length) == null;
    }

    @Test
    void protobufWithTheMessageThatTheRuleNames() {
        PayloadValidator order = value(parse(
                "topics: [t], value: {schema: order.proto, message: Order}",
                "order.proto",
                PROTO,
                "money.proto",
                MONEY));
        assertThat(takes(order, "0a020801")).isTrue();
        assertThat(takes(order, "0a020a01")).isFalse();
        assertThat(takes(order, "1001")).isTrue();

        PayloadValidator strict = value(parse(
                "topics: [t], value: {schema: order.proto, message: shop.Order, unknownFields: refuse}",
                "order.proto",
                PROTO,
                "money.proto",
                MONEY));
        assertThat(takes(strict, "1001")).isFalse();

        PayloadValidator said = value(parse(
                "topics: [t], value: {schema: order.proto, framing: confluent}",
                "order.proto",
                PROTO,
                "money.proto",
                MONEY));
        assertThat(takes(said, "00" + "0a020801")).isTrue();
        assertThat(takes(said, "0202" + "0a0161")).isTrue();
    }

    @Test
    void jsonWithWhatLiesBesideIt() {
        PayloadValidator order = value(parse(
                "topics: [t], value: {schema: order.json}",
                "order.json",
                JSON,
                "money.json",
                "{\"type\": \"integer\"}"));
        byte[] good = "{\"price\": 1}".getBytes(StandardCharsets.UTF_8);
        byte[] bad = "{\"price\": \"1\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(order.check(good, 0, good.length)).isNull();
        assertThat(order.check(bad, 0, bad.length).text())
                .isEqualTo("at price (byte 10): found a string of 1 character, expected an integer");
    }

    @Test
    void mistakesHaveFileAndLine() {
        assertProblem(
                parse("topics: [t], value: {schema: order.json}", "order.json", "{\n\"type\": \"strng\"}"),
                "team/order.json:2",
                "#/type: found \"strng\"");
        assertProblem(
                parse(
                        "topics: [t], value: {schema: a.proto}",
                        "a.proto",
                        "syntax = \"proto3\";\nmessage A { Money m = 1; }"),
                "team/a.proto:2",
                "\"Money\" is not defined");
        assertProblem(
                parse("topics: [t], value: {schema: order.proto}", "order.proto", PROTO, "money.proto", MONEY),
                "team/rules.yaml:4",
                "team/order.proto: it has 2 messages; name the one that records are: shop.Order, shop.Item");
        assertProblem(
                parse("topics: [t], value: {schema: order.json, message: Order}", "order.json", "{}"),
                "message and unknownFields are of Protobuf");
        assertProblem(
                parse("topics: [t], value: {schema: oder.json}", "order.json", "{}"),
                "unknown schema",
                "team/order.json");
    }

    @Test
    void filesThatNoRuleNamesMayBeAnything() {
        value(parse("topics: [t], value: {schema: a.json}", "a.json", "true", "package.json", "[", "b.proto", "?"));
    }
}
