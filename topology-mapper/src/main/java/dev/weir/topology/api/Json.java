package dev.weir.topology.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Locale;

/** Records as JSON: names of components as they are, enums in lower camel case, numbers with six decimals at most. */
final class Json {
    private static final double DECIMALS = 1_000_000;
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(new EnumSerializer())
                    .addSerializer(Double.class, new RoundedSerializer())
                    .addSerializer(double.class, new RoundedSerializer()));

    private Json() {}

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the answer cannot be written as JSON", e);
        }
    }

    static String camel(Enum<?> value) {
        StringBuilder camel = new StringBuilder();
        for (String word : value.name().toLowerCase(Locale.ROOT).split("_", -1)) {
            camel.append(camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return camel.toString();
    }

    @SuppressWarnings("rawtypes")
    private static final class EnumSerializer extends StdSerializer<Enum> {
        private static final long serialVersionUID = 1;

        EnumSerializer() {
            super(Enum.class);
        }

        @Override
        public void serialize(Enum value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(camel(value));
        }
    }

    private static final class RoundedSerializer extends StdSerializer<Double> {
        private static final long serialVersionUID = 1;

        RoundedSerializer() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            double number = value;
            if (!Double.isFinite(number)) {
                json.writeNumber(-1);
            } else if (number == Math.rint(number) && Math.abs(number) < Long.MAX_VALUE) {
                json.writeNumber((long) number);
            } else {
                json.writeNumber(Math.rint(number * DECIMALS) / DECIMALS);
            }
        }
    }
}
