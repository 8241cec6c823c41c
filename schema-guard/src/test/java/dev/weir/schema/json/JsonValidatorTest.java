package dev.weir.schema.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import dev.weir.schema.compatibility.SchemaFileException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValidatorTest {
    private static final String ORDER = """
            {"type": "object", "required": ["id", "items"], "additionalProperties": false,
             "properties": {
               "id": {"type": "string", "minLength": 1, "maxLength": 8},
               "paid": {"type": "boolean"},
               "items": {"type": "array", "maxItems": 3, "items": {"type": "object", "properties": {
                 "sku": {"type": "string", "pattern": "^[a-z]+$"},
                 "count": {"type": "integer", "minimum": 1, "exclusiveMaximum": 100},
                 "price": {"type": "number", "multipleOf": 0.01}}}},
               "labels": {"type": "object", "additionalProperties": {"type": "string"}}}}
            """;
    private static final String GOOD = "{\"id\": \"a\", \"items\": [{\"sku\": \"b\", \"count\": 2, \"price\": 1.99}]}";

    @Test
    void takesWhatItsSchemaSays() {
        assertThat(check(ORDER, GOOD)).isNull();
        assertThat(check(ORDER, " \n\t\r" + GOOD + " \n")).isNull();
    }

    @Test
    void looksAtItsOwnBytesOnly() {
        byte[] bytes = utf8("}}" + GOOD + "{");
        assertThat(validator(ORDER, Limits.DEFAULT).check(bytes, 2, bytes.length - 3))
                .isNull();
    }

    @Test
    void saysWhereInTheRecordAndWhatWasExpected() {
        assertTold(
                ORDER,
                GOOD.replace("2,", "\"2\","),
                "at items[0].count (byte 44): found a string of 1 character, expected an integer");
        assertTold(ORDER, "{\"id\": \"a\"}", "at the record (byte 0): found no items, expected an object with items");
        assertTold(
                ORDER,
                GOOD.replace("\"id\": \"a\"", "\"id\": \"a\", \"secret\": 1"),
                "at {1} (byte 12): found a property that the schema does not have, expected none but those that it has");
        assertTold(
                ORDER,
                "{\"id\": \"a\", \"items\": [], \"labels\": {\"x\": \"\", \"someone@example.com\": 1}}",
                "at labels{1} (byte 68): found an integer, expected a string");
        assertTold(
                ORDER,
                GOOD.replace("1.99", "1.995"),
                "at items[0].price (byte 56): found a number, expected a multiple of 0.01");
        assertTold(
                ORDER,
                "{\"id\": \"123456789\", \"items\": []}",
                "at id (byte 7): found a string of 9 characters, expected a string of 1 to 8 characters");
        assertTold(
                ORDER,
                GOOD.replace("\"b\"", "\"B\""),
                "at items[0].sku (byte 30): found a string of 1 character, expected a string that matches ^[a-z]+$");
        assertTold(
                ORDER,
                GOOD.replace("2,", "100,"),
                "at items[0].count (byte 44): found an integer, expected a number below 100");
    }

    @Test
    void fewAndShortValuesOfASchemaAreTold() {
        String found = "at the record (byte 0): found a string of 1 character, expected ";
        assertTold("{\"enum\": [\"paid\", \"open\"]}", "\"x\"", found + "one of \"paid\", \"open\"");
        assertTold("{\"enum\": [1, null, {\"a\": [ true ]}]}", "\"x\"", found + "one of 1, null, {\"a\":[true]}");
        assertTold("{\"const\": \"v1\"}", "\"x\"", found + "the value \"v1\"");
        assertTold("{\"enum\": [1, 2, 3, 4, 5]}", "\"x\"", found + "one of 1, 2, 3, 4, 5");
        assertTold("{\"enum\": [1, 2, 3, 4, 5, 6]}", "\"x\"", found + "one of the 6 values that the schema says");
        String longest = "y".repeat(98);
        assertTold("{\"const\": \"" + longest + "\"}", "\"x\"", found + "the value \"" + longest + '"');
        assertTold("{\"const\": \"" + longest + "y\"}", "\"x\"", found + "the value that the schema says");
        String halves = "[\"" + "a".repeat(48) + "\", \"" + "b".repeat(48) + "\"]";
        assertTold("{\"enum\": " + halves + "}", "\"x\"", found + "one of the 2 values that the schema says");
    }

    @Test
    void whatATerminalWouldObeyIsNotTold() {
        for (String hidden : new String[] {"\u009b", "\u007f", "\u202e", "\u2028"}) {
            assertTold(
                    "{\"const\": \"a" + hidden + "b\"}",
                    "1",
                    "at the record (byte 0): found an integer, expected the value that the schema says");
        }
    }

    @Test
    void ofSeveralSchemasTheNearestIsTold() {
        String either =
                "{\"anyOf\": [{\"type\": \"null\"}, {\"type\": \"object\", \"required\": [\"a\"], \"properties\": {\"a\": {\"type\": \"string\"}}}]}";
        assertTold(either, "{\"a\": 1}", "at a (byte 6): found an integer, expected a string");
        assertTold(
                either,
                "1",
                "at the record (byte 0): found an integer, expected what one of the 2 schemas of anyOf takes");
        String one = "{\"oneOf\": [{\"minimum\": 1}, {\"minimum\": 2}]}";
        assertTold(
                one,
                "3",
                "at the record (byte 0): found a value that more than one of them takes, expected one that one of oneOf takes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "\"",
                "tru",
                "truE",
                "nul",
                "-",
                "1.",
                ".5",
                "+1",
                "1e",
                "1e+",
                "NaN",
                "Infinity",
                "'a'",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "{\"a\" 1}",
                "[1}",
                "{\"a\":1]",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\ud800\"",
                "\"\\ud800\\u0041\"",
                "\"\\udc00\"",
                "\"a\nb\"",
                "\"a\tb\"",
                "\"\u0000\"",
                "\uFEFF{}",
                "// x\n1",
                "/**/1",
                "\"a",
                "\"a\\",
                "\"a\\u",
                "[[[[",
                "{\"a\":{\"b\":"
            })
    void refusesWhatIsNoJson(String text) {
        assertThat(check("true", text))
                .isNotNull()
                .extracting(Violation::reason)
                .isEqualTo(Reason.PAYLOAD);
    }

    @Test
    void refusesAnythingBehindTheValue() {
        for (String behind : new String[] {"{}", "1", "x10", "_000", "]", "\u0000", ","}) {
            assertThat(check("true", "0" + behind))
                    .extracting(Violation::reason)
                    .isEqualTo(Reason.TRAILING_BYTES);
        }
    }

    @Test
    void refusesWhatIsNotUtf8() {
        for (byte[] bad : new byte[][] {
            {'"', (byte) 0x80, '"'},
            {'"', (byte) 0xc0, (byte) 0x80, '"'},
            {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
            {'"', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', (byte) 0xff, '"'},
            {'"', (byte) 0xe2, (byte) 0x82},
        }) {
            assertThat(validator("true", Limits.DEFAULT).check(bad, 0, bad.length))
                    .isNotNull();
        }
        assertThat(check("{\"maxLength\": 2}", "\"世\uD83D\uDE80\"")).isNull();
        assertThat(check("{\"maxLength\": 1}", "\"世\uD83D\uDE80\"")).isNotNull();
    }

    @Test
    void refusesNamesThatAreThereTwiceHoweverTheyAreWritten() {
        assertTold(
                "true",
                "{\"a\": 1, \"a\": 2}",
                "at the record (byte 9): found a name that the object has twice, expected each name once");
        assertThat(check("true", "{\"ab\": 1, \"\\u0061b\": 2}")).isNotNull();
        String many = String.join(
                ",",
                IntStream.range(0, 1_000).mapToObj(i -> "\"n" + i + "\": 0").toList());
        assertThat(check("true", "{" + many + "}")).isNull();
        assertThat(check("true", "{" + many + ", \"n500\": 0}")).isNotNull();
    }

    @Test
    void escapesMeanTheirCharacters() {
        String schema = "{\"const\": \"\\\"/\\\\\\b\\f\\n\\r\\t\\u00fc\\ud83d\\ude80é\"}";
        assertThat(check(schema, "\"\\u0022\\/\\u005C\\u0008\\u000c\\u000A\\u000d\\u0009ü\uD83D\uDE80\\u00E9\""))
                .isNull();
        assertThat(check("{\"required\": [\"ü\"]}", "{\"\\u00fc\": 1}")).isNull();
    }

    @Test
    void numbersAreWhatTheyMean() {
        for (String one : new String[] {"1", "1.0", "1.00e0", "10e-1", "0.1E+1", "100e-2"}) {
            assertThat(check("{\"type\": \"integer\", \"const\": 1, \"minimum\": 1, \"maximum\": 1}", one))
                    .as(one)
                    .isNull();
        }
        for (String fraction : new String[] {"1.5", "15e-1", "1e-1", "0.10"}) {
            assertThat(check("{\"type\": \"integer\"}", fraction)).as(fraction).isNotNull();
        }
        assertThat(check("{\"maximum\": 9007199254740992}", "9007199254740993")).isNotNull();
        assertThat(check("{\"maximum\": 100000000000000000000}", "99999999999999999999.5"))
                .isNull();
        assertThat(check("{\"uniqueItems\": true}", "[1, 2, 1.0]")).isNotNull();
        assertThat(check("{\"uniqueItems\": true}", "[1, true, \"1\", [1], {\"a\": 1}, {\"a\": 2}, null, 0, false]"))
                .isNull();
        assertThat(check("{\"uniqueItems\": true}", "[{\"a\": 1, \"b\": [2]}, {\"b\": [2.0], \"a\": 1}]"))
                .isNotNull();
    }

    @Test
    void hugeNumbersCostNothing() {
        assertThat(check("{\"type\": \"number\"}", "1e999999999")).isNull();
        assertThat(check("{\"type\": \"integer\"}", "1e99999999999999999999")).isNull();
        for (String huge : new String[] {"1e999999999", "1e-99999999999999999999", "9".repeat(1_000_000)}) {
            assertThat(check("{\"multipleOf\": 0.01}", huge))
                    .extracting(Violation::reason)
                    .isEqualTo(Reason.LIMIT);
            assertThat(check("{\"not\": {\"minimum\": 0.5}}", huge))
                    .extracting(Violation::reason)
                    .isEqualTo(Reason.LIMIT);
        }
    }

    @Test
    void nestingIsBounded() {
        assertThat(check("true", "[".repeat(64) + "]".repeat(64))).isNull();
        assertThat(check("true", "[".repeat(65) + "]".repeat(65)))
                .extracting(Violation::reason)
                .isEqualTo(Reason.LIMIT);
        assertThat(check("true", "[".repeat(1_000_000)))
                .extracting(Violation::reason)
                .isEqualTo(Reason.LIMIT);
        assertThat(check("true", "{\"a\":".repeat(1_000_000)))
                .extracting(Violation::reason)
                .isEqualTo(Reason.LIMIT);
    }

    @Test
    void valuesAreBounded() {
        byte[] six = utf8("[1, 2, 3, 4, 5]");
        assertThat(validator("true", new Limits(64, 6)).check(six, 0, six.length))
                .isNull();
        assertThat(validator("true", new Limits(64, 5)).check(six, 0, six.length))
                .extracting(Violation::reason)
                .isEqualTo(Reason.LIMIT);
    }

    @Test
    void workIsBounded() {
        // each level asks both branches of the one below
        String twice =
                "{\"$defs\": {\"n\": {\"anyOf\": [{\"properties\": {\"a\": {\"$ref\": \"#/$defs/n\"}}, \"required\": [\"b\"]},"
                        + " {\"properties\": {\"a\": {\"$ref\": \"#/$defs/n\"}}, \"required\": [\"c\"]}]}}, \"$ref\": \"#/$defs/n\"}";
        assertThat(check(twice, "{\"a\":".repeat(60) + "1" + "}".repeat(60)))
                .extracting(Violation::reason)
                .isEqualTo(Reason.LIMIT);
        String items = "[" + "{},".repeat(5_000) + "{}]";
        assertThat(check("{\"uniqueItems\": true}", items)).isNotNull();
    }

    @Test
    void aPatternTakesTimeInProportionToTheText() {
        String text = "\"" + "a".repeat(100_000) + "!\"";
        assertThat(check("{\"pattern\": \"^(a+)+$\"}", text)).isNotNull();
        assertThat(check("{\"patternProperties\": {\"^(a|a)*$\": false}}", "{" + text + ": 1}"))
                .isNull();
        assertThat(check("{\"pattern\": \"^\\\\u00fc\\\\u{1F680}\\\\d$\"}", "\"ü\uD83D\uDE801\""))
                .isNull();
    }

    @Test
    void memoryOfALargeRecordIsGivenBack() {
        PayloadValidator validator = validator("{\"type\": \"array\"}", Limits.DEFAULT);
        byte[] large = utf8("[" + "\"\\n\",".repeat(200_000) + "1]");
        assertThat(validator.check(large, 0, large.length)).isNull();
        assertThat(check(ORDER, GOOD)).isNull();
    }

    static PayloadValidator validator(String schema, Limits limits) {
        try {
            return JsonSchemas.of(Map.of("order.json", schema))
                    .validator("order.json", limits)
                    .orElseThrow();
        } catch (SchemaFileException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Violation check(String schema, String json) {
        byte[] bytes = utf8(json);
        return validator(schema, Limits.DEFAULT).check(bytes, 0, bytes.length);
    }

    private static void assertTold(String schema, String json, String text) {
        assertThat(check(schema, json)).isNotNull().extracting(Violation::text).isEqualTo(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
