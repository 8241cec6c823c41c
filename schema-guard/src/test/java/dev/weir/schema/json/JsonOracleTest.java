package dev.weir.schema.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Violation;
import dev.weir.schema.compatibility.SchemaFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another validator is the oracle for schemas, and Jackson for JSON: of random ones, each is judged as they do. */
class JsonOracleTest {
    private static final long SEED = 20_261_129;
    private static final int SCHEMAS = 300;
    private static final int VALUES = 20;

    private final ObjectMapper mapper = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    @ParameterizedTest
    @EnumSource(
            value = VersionFlag.class,
            names = {"V7", "V201909", "V202012"})
    void judgesAsAnotherValidatorDoes(VersionFlag version) throws SchemaFileException, IOException {
        RandomJson random = new RandomJson(new Random(SEED), version != VersionFlag.V7, version == VersionFlag.V202012);
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(version);
        int taken = 0;
        int refused = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            String schema = "{\"$schema\": \"" + version.getId()
                    + "\", \"$ref\": \"#/definitions/a\", \"definitions\": {\"a\": " + random.schema(0) + ", \"b\": "
                    + random.schema(2) + "}}";
            JsonSchema oracle = factory.getSchema(schema);
            PayloadValidator validator = JsonSchemas.of(Map.of("a.json", schema))
                    .validator("a.json", Limits.DEFAULT)
                    .orElseThrow();
            for (int j = 0; j < VALUES; j++) {
                String json = random.value(0);
                boolean expected = oracle.validate(mapper.readTree(json)).isEmpty();
                byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
                Violation violation = validator.check(bytes, 0, bytes.length);
                assertThat(violation == null)
                        .as("%s by %s: %s", json, schema, violation)
                        .isEqualTo(expected);
                taken += expected ? 1 : 0;
                refused += expected ? 0 : 1;
            }
        }
        assertThat(taken).isGreaterThan(SCHEMAS);
        assertThat(refused).isGreaterThan(SCHEMAS);
    }

    @Test
    void readsJsonAsJacksonDoes() {
        Random random = new Random(SEED);
        RandomJson values = new RandomJson(random, true, true);
        PayloadValidator any = JsonValidatorTest.validator("true", Limits.DEFAULT);
        int good = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = values.value(0).getBytes(StandardCharsets.UTF_8);
            if (i % 3 > 0) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) "{}[]\",:0-.e\\u \n\u0001\u0080x".charAt(random.nextInt(18));
            }
            boolean expected = isJson(bytes);
            assertThat(any.check(bytes, 0, bytes.length) == null)
                    .as(new String(bytes, StandardCharsets.UTF_8))
                    .isEqualTo(expected);
            good += expected ? 1 : 0;
        }
        assertThat(good).isBetween(7_000, 19_000);
    }

    private boolean isJson(byte[] bytes) {
        try { // strictly: Jackson takes some bytes that are not UTF-8
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return !mapper.readTree(text).isMissingNode();
        } catch (IOException e) {
            return false;
        }
    }
}
