package dev.weir.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApicurioApiTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"string\"",
                "[\"null\", \"string\"]",
                "{\"type\": \"record\", \"name\": \"A\", \"fields\": []}",
                "{\"type\": \"enum\", \"name\": \"A\", \"symbols\": []}",
                "{\"type\": \"array\", \"items\": \"string\"}",
                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 4}"
            })
    void isAvro(String schema) {
        assertThat(ApicurioApi.isAvro(RegistryClient.parsed(schema))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "{}",
                "{\"type\": \"object\"}",
                "{\"type\": \"integer\"}",
                "{\"type\": [\"null\", \"string\"]}",
                "{\"type\": \"string\", \"enum\": [\"a\"]}",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"string\"}",
                "{\"properties\": {}}",
                "{\"anyOf\": []}",
                "{\"$ref\": \"#/$defs/a\", \"$defs\": {}}"
            })
    void isJsonSchema(String schema) {
        assertThat(ApicurioApi.isAvro(RegistryClient.parsed(schema))).isFalse();
    }
}
