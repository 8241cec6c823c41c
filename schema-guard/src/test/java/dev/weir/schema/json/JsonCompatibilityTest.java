package dev.weir.schema.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Compatibility;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonCompatibilityTest {
    /** Old and new schema, and what backward and forward compatibility say begins with; nothing where it holds. */
    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\": \"integer\"} | {\"type\": \"number\"} | | the old schema does not take number",
                "{\"type\": \"string\"} | {\"type\": [\"string\", \"null\"]} | | the old schema does not take null",
                "{\"type\": \"string\"} | {} | | the old schema does not take array, boolean, null, number, object",
                "{\"maxLength\": 3} | {\"maxLength\": 5} | | maxLength of the old schema is 3, and that of the new one 5",
                "{\"maxLength\": 3} | {} | | maxLength of the old schema is 3, and that of the new one none",
                "{\"minLength\": 0} | {} | |",
                "{\"minimum\": 1} | {\"exclusiveMinimum\": 1} | exclusiveMinimum of the new schema is 1 |",
                "{\"exclusiveMinimum\": 0} | {\"minimum\": 0} | | exclusiveMinimum of the old schema is 0",
                "{\"enum\": [1, 2]} | {\"enum\": [1, 2, 3]} | | the old schema does not take 3",
                "{\"const\": \"a\"} | {\"type\": \"string\"} | | the old schema takes only some values",
                "{\"pattern\": \"a\"} | {\"pattern\": \"b\"} | pattern of the new schema | pattern of the old schema",
                "{\"items\": {\"type\": \"integer\"}} | {\"items\": {\"type\": \"number\"}} | | the old schema does not take number",
                "{\"items\": {\"type\": \"integer\"}} | {} | | the old schema says what is there",
                "{\"required\": [\"a\"]} | {} | | the old schema requires the property",
                "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]} | {\"anyOf\": [{\"type\": \"string\"}]} | the new schema does not take null |",
                "{\"type\": \"string\"} | {\"oneOf\": [{\"type\": \"null\"}, {\"type\": \"string\"}]} | | the old schema does not take null",
                "{\"allOf\": [{\"type\": \"string\"}]} | {\"type\": \"string\"} | |",
                "{\"not\": {\"type\": \"null\"}} | {\"not\": {\"type\": \"null\"}} | |",
                "{} | {\"not\": {\"type\": \"null\"}} | not of the new schema |",
                "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"type\": \"string\"}}} | {\"type\": \"string\"} | |",
                "false | {} | | the old schema takes no value there",
                "{\"title\": \"a\"} | {\"title\": \"b\", \"description\": \"c\"} | |",
                // closed objects may get properties, and open ones may lose them
                "{\"properties\": {}, \"additionalProperties\": false} | {\"properties\": {\"a\": {\"type\": \"string\"}}, \"additionalProperties\": false} | | the old schema does not have the property and takes no others",
                "{\"properties\": {\"a\": {\"type\": \"string\"}}} | {\"properties\": {}} | | the new schema does not have the property and takes any others",
                "{\"additionalProperties\": {\"type\": \"string\"}} | {\"properties\": {\"a\": {\"type\": \"string\"}}, \"additionalProperties\": {\"type\": \"string\"}} | |"
            })
    void comparesWhatIsTaken(String before, String after, String backward, String forward) throws SchemaFileException {
        assertBroken(before, after, Compatibility.BACKWARD, backward);
        assertBroken(before, after, Compatibility.FORWARD, forward);
    }

    private static void assertBroken(String before, String after, Compatibility level, String reason)
            throws SchemaFileException {
        assertThat(of(after).breaches(of(before), level))
                .extracting(Breach::reason)
                .satisfies(reasons -> {
                    if (reason == null) {
                        assertThat(reasons).isEmpty();
                    } else {
                        assertThat(reasons).singleElement().asString().startsWith(reason);
                    }
                });
    }

    @Test
    void saysWhereAndHowToMendIt() throws SchemaFileException {
        String schema =
                "{\"properties\": {\"items\": {\"items\": {\"properties\": {\"price\": {\"type\": \"%s\"}}, \"required\": [%s]}}}}";
        JsonSchemas old = of(schema.formatted("integer", ""));
        JsonSchemas now = of(schema.formatted("string", "\"price\""));
        assertThat(now.breaches(old, Compatibility.BACKWARD))
                .extracting(Breach::text)
                .containsExactly(
                        "o.json: at items[].price: a consumer with the new schema cannot read records of the old one: "
                                + "the new schema does not take integer, which the old one does",
                        "o.json: at items[].price: a consumer with the new schema cannot read records of the old one: "
                                + "the new schema requires the property, and the old one does not; leave it optional, or give it a default");
    }

    @Test
    void schemasThatHoldThemselvesAreComparedOnce() throws SchemaFileException {
        String tree =
                "{\"additionalProperties\": false, \"properties\": {\"left\": {\"$ref\": \"#\"}, \"value\": {\"type\": \"%s\"}}}";
        assertThat(of(tree.formatted("string")).breaches(of(tree.formatted("integer")), Compatibility.BACKWARD))
                .extracting(Breach::path)
                .containsExactly("value");
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> of("{\"type\": 1}").breaches(of("{}"), Compatibility.BACKWARD))
                .isInstanceOf(SchemaFileException.class)
                .hasMessageStartingWith("o.json:1: #/type");
    }

    private static JsonSchemas of(String schema) {
        return JsonSchemas.of(Map.of("o.json", schema));
    }
}
