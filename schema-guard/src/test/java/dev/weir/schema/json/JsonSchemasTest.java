package dev.weir.schema.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.compatibility.SchemaFileException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemasTest {
    private static final String MONEY =
            "{\"$id\": \"https://shop.example/money.json\", \"$defs\": {\"cents\": {\"$anchor\": \"c\","
                    + " \"type\": \"integer\"}}, \"$ref\": \"#c\"}";

    @ParameterizedTest
    @CsvSource({
        "money.json", "https://shop.example/money.json", "https://shop.example/money.json#c",
        "https://shop.example/money.json#/$defs/cents", "./money.json", "/schemas/money.json"
    })
    void aFileMayReferToAnotherByNameOrId(String reference) throws SchemaFileException {
        Map<String, String> files = Map.of(
                "schemas/order.json",
                "{\"properties\": {\"price\": {\"$ref\": \"" + reference + "\"}}}",
                "schemas/money.json",
                MONEY);
        assertThat(takes(files, "schemas/order.json", "{\"price\": 1}")).isTrue();
        assertThat(takes(files, "schemas/order.json", "{\"price\": \"1\"}")).isFalse();
    }

    @Test
    void aRegistrysNameOfAReferenceIsEnough() throws SchemaFileException {
        Map<String, String> texts = Map.of(
                "orders-value", "{\"$id\": \"https://a.example/x/order\", \"$ref\": \"money.json\"}",
                "money.json", "{\"type\": \"integer\"}");
        assertThat(takes(texts, "orders-value", "1")).isTrue();
        assertThat(takes(texts, "orders-value", "\"1\"")).isFalse();
    }

    @Test
    void schemasMayHoldThemselves() throws SchemaFileException {
        Map<String, String> tree = Map.of(
                "tree.json",
                "{\"type\": \"object\", \"properties\": {\"left\": {\"$ref\": \"#\"}, \"right\": {\"$ref\": \"tree.json\"}}, \"additionalProperties\": false}");
        assertThat(takes(tree, "tree.json", "{\"left\": {\"right\": {}}}")).isTrue();
        assertThat(takes(tree, "tree.json", "{\"left\": {\"right\": {\"up\": {}}}}"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://json-schema.org/draft-07/schema# | {\"$ref\": \"#/definitions/a\", \"maximum\": 1, \"definitions\": {\"a\": {\"minimum\": 0}}} | 2 | true",
                "https://json-schema.org/draft/2020-12/schema | {\"$ref\": \"#/definitions/a\", \"maximum\": 1, \"definitions\": {\"a\": {\"minimum\": 0}}} | 2 | false",
                "http://json-schema.org/draft-07/schema# | {\"items\": [{\"type\": \"string\"}], \"additionalItems\": false} | [\"a\", 1] | false",
                "http://json-schema.org/draft-07/schema# | {\"prefixItems\": [{\"type\": \"string\"}]} | [1] | true",
                "https://json-schema.org/draft/2020-12/schema | {\"prefixItems\": [{\"type\": \"string\"}], \"items\": false} | [\"a\", 1] | false",
                "https://json-schema.org/draft/2019-09/schema | {\"items\": [{}], \"contains\": {\"const\": 1}, \"unevaluatedItems\": false} | [0, 1] | false",
                "https://json-schema.org/draft/2020-12/schema | {\"contains\": {\"const\": 1}, \"unevaluatedItems\": false} | [1, 1] | true",
                "http://json-schema.org/draft-07/schema# | {\"unevaluatedProperties\": false} | {\"a\": 1} | true"
            })
    void readsEachDraftAsItMeans(String draft, String schema, String json, boolean taken) throws SchemaFileException {
        String said = "{\"$schema\": \"" + draft + "\", " + schema.substring(1);
        assertThat(takes(Map.of("a.json", said), "a.json", json)).isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\": \"strng\"} | a.json:1: #/type: found \"strng\", expected one of object, array",
                "{\"properties\": {\"a\": {\"type\": 1}}} | a.json:1: #/properties/a/type: found 1, expected a string",
                "{\"required\": \"a\"} | a.json:1: #/required: found \"a\", expected a list of strings",
                "{\"minLength\": -1} | a.json:1: #/minLength: found -1, expected an integer from 0",
                "{\"maximum\": \"1\"} | a.json:1: #/maximum: found \"1\", expected a number",
                "{\"multipleOf\": 0} | a.json:1: #/multipleOf: found 0, expected a number above 0",
                "{\"exclusiveMinimum\": true} | a.json:1: #/exclusiveMinimum: found true, expected a number",
                "{\"maximum\": 1e999999999} | a.json:1: #/maximum: a number with more digits",
                "{\"anyOf\": {}} | a.json:1: #/anyOf: found an object, expected a list of schemas",
                "{\"allOf\": [1]} | a.json:1: #/allOf/0: found 1, expected a schema",
                "{\"pattern\": \"(\"} | a.json:1: #/pattern: the regular expression ( cannot be used: ",
                "{\"pattern\": \"^(?!a)\"} | a.json:1: #/pattern: the regular expression ^(?!a) cannot be used: ",
                "{\"pattern\": \"((a{999}){999})\"} | a.json:1: #/pattern: a regular expression with repetitions of more",
                "{\"$ref\": \"b.json\"} | a.json:1: #: $ref to b.json, which is no schema that lies here; nothing is fetched",
                "{\"$ref\": \"http://json-schema.org/draft-07/schema#\"} | a.json:1: #: $ref to http://json-schema.org",
                "{\"$ref\": \"#/$defs/a\"} | a.json:1: #: $ref to #/$defs/a, which is not there",
                "{\"$ref\": \"#a\"} | a.json:1: #: $ref to #a, which is not there",
                "{\"$ref\": \"#\"} | a.json:1: #: the schema refers to itself without end",
                "{\"$dynamicRef\": \"#a\"} | a.json:1: #/$dynamicRef: found \"#a\", expected a schema without",
                "{\"$schema\": \"http://json-schema.org/draft-04/schema#\"} | a.json:1: #: $schema is http://json-schema.org/draft-04",
                "{\"type\": } | a.json:1: no JSON: found byte 0x7d, expected a JSON value",
                "{\"a\": 1, \"a\": 1} | a.json:1: no JSON: found a name that the object has twice",
                "[] | a.json:1: #: found a list, expected a schema: an object, true or false"
            })
    void mistakesHaveTheirPlace(String schema, String message) {
        assertThatThrownBy(() -> JsonSchemas.of(Map.of("a.json", schema)).validator("a.json", Limits.DEFAULT))
                .isInstanceOf(SchemaFileException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void mistakesHaveTheirLineAlsoInOtherFiles() {
        assertThatThrownBy(() -> JsonSchemas.of(Map.of(
                                "a.json", "{\"$ref\": \"b.json\"}", "b.json", "{\n \"properties\": {\n  \"x\": 1}}"))
                        .validator("a.json", Limits.DEFAULT))
                .hasMessage("b.json:3: #/properties/x: found 1, expected a schema: an object, true or false");
        assertThatThrownBy(() -> JsonSchemas.of(Map.of("a.json", "{\"$ref\": \"b.json\"}", "b.json", "{\n"))
                        .validator("a.json", Limits.DEFAULT))
                .hasMessageStartingWith("b.json:2: no JSON: found the end of the record");
    }

    @Test
    void circlesOfSeveralAreRefused() {
        assertThatThrownBy(() -> JsonSchemas.of(Map.of(
                                "a.json", "{\"properties\": {\"x\": {\"allOf\": [{\"$ref\": \"b.json\"}]}}}",
                                "b.json", "{\"if\": {\"$ref\": \"a.json#/properties/x\"}}"))
                        .validator("a.json", Limits.DEFAULT))
                .hasMessageEndingWith("the schema refers to itself without end");
        String chain = IntStream.range(0, 20_000)
                .mapToObj(i -> "\"n" + i + "\": {\"$ref\": \"#/$defs/n" + (i + 1) + "\"}")
                .collect(Collectors.joining(", ", "{\"$ref\": \"#/$defs/n0\", \"$defs\": {", "}}"));
        assertThatThrownBy(() -> JsonSchemas.of(Map.of("a.json", chain)).validator("a.json", Limits.DEFAULT))
                .hasMessageContaining("schemas refer to each other over more than");
    }

    @Test
    void aFileThatNobodyAsksForMayBeAnything() throws SchemaFileException {
        assertThat(takes(Map.of("a.json", "true", "package.json", "[", "b.json", "{\"type\": 1}"), "a.json", "1"))
                .isTrue();
        assertThat(JsonSchemas.of(Map.of()).validator("a.json", Limits.DEFAULT)).isEmpty();
    }

    private static boolean takes(Map<String, String> files, String file, String json) throws SchemaFileException {
        PayloadValidator validator =
                JsonSchemas.of(files).validator(file, Limits.DEFAULT).orElseThrow();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return validator.check(bytes, 0, bytes.length) == null;
    }
}
