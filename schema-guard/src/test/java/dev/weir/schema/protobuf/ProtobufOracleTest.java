package dev.weir.schema.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Violation;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.Framing;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Protobuf's own parser is the oracle: whole messages, each part of them, and what becomes of them by changing any byte are
 * taken or refused as it does, but for what {@link ProtobufValidator} says that it is stricter in.
 */
class ProtobufOracleTest {
    private static final long SEED = 20_261_129;
    private static final int MESSAGES = 60;
    private static final int CHANGES = 4;

    private final Random random = new Random(SEED);
    private int taken;
    private int refused;
    private int stricter;

    @ParameterizedTest
    @CsvSource({
        TestSchemas.ORDER + ", Order",
        TestSchemas.ORDER + ", Numbers",
        TestSchemas.ORDER + ", Node",
        TestSchemas.LEGACY + ", Event"
    })
    void judgesAsTheParserDoes(String file, String name) throws SchemaFileException {
        Descriptor message = TestSchemas.compiled(file, name);
        PayloadValidator validator = ProtobufSchemas.of(TestSchemas.texts())
                .validator(
                        file, Framing.NONE, name, true, Reading.of(Framing.NONE).limits())
                .orElseThrow();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] bytes = randomMessage(message, 0).toByteArray();
            assertThat(validator.check(bytes, 0, bytes.length)).isNull();
            for (int length = 0; length < bytes.length; length++) {
                compare(validator, message, java.util.Arrays.copyOf(bytes, length));
            }
            for (int at = 0; at < bytes.length; at++) {
                for (int change = 0; change < CHANGES; change++) {
                    byte[] changed = bytes.clone();
                    changed[at] = (byte) random.nextInt(256);
                    compare(validator, message, changed);
                }
            }
        }
        assertThat(taken).isGreaterThan(500);
        assertThat(refused).isGreaterThan(500);
        assertThat(stricter).isLessThan(taken);
    }

    private void compare(PayloadValidator validator, Descriptor message, byte[] bytes) {
        Violation violation = validator.check(bytes, 0, bytes.length);
        String what = HexFormat.of().formatHex(bytes) + ": " + violation;
        try {
            Message parsed = DynamicMessage.parseFrom(message, bytes);
            taken++;
            if (isStricter(violation, parsed)) {
                stricter++;
            } else {
                assertThat(violation).as(what).isNull();
            }
        } catch (InvalidProtocolBufferException e) {
            refused++;
            assertThat(violation).as(what + e.getMessage()).isNotNull();
        }
    }

    private static boolean isStricter(Violation violation, Message parsed) {
        if (violation == null) {
            assertThat(hasUnknownThatIsKnown(parsed)).as("%s", parsed).isFalse();
            return false;
        }
        String found = violation.found();
        return hasUnknownThatIsKnown(parsed)
                || found.equals("a number of more than 64 bits")
                || found.startsWith("a tag of field ")
                || found.matches("a length of \\d{10,} with .*") // of which the parser takes 32 bits
                || found.endsWith("which is not UTF-8 there") // proto2
                || violation.expected().endsWith("which is required"); // of a message that comes in two parts
    }

    /** A field of the wrong wire type, or a number that a closed enum does not have, is unknown to the parser. */
    private static boolean hasUnknownThatIsKnown(Message message) {
        if (message.getUnknownFields().asMap().keySet().stream()
                .anyMatch(number -> message.getDescriptorForType().findFieldByNumber(number) != null)) {
            return true;
        }
        return message.getAllFields().entrySet().stream()
                .filter(field -> field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                .flatMap(field -> field.getKey().isRepeated()
                        ? ((List<?>) field.getValue()).stream()
                        : java.util.stream.Stream.of(field.getValue()))
                .anyMatch(inner -> hasUnknownThatIsKnown((Message) inner));
    }

    private DynamicMessage randomMessage(Descriptor type, int level) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            boolean deep = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && level > 2;
            if (!field.isRequired() && (deep || random.nextInt(3) == 0)) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    message.addRepeatedField(field, randomValue(field, level));
                }
            } else {
                message.setField(field, randomValue(field, level));
            }
        }
        return message.build();
    }

    private Object randomValue(FieldDescriptor field, int level) {
        return switch (field.getJavaType()) {
            case INT -> random.nextInt() >> random.nextInt(32);
            case LONG -> random.nextLong() >> random.nextInt(64);
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case STRING ->
                List.of("", "plain", "Grüße", "\uD83D\uDE80 0123456789").get(random.nextInt(4));
            case BYTE_STRING -> ByteString.copyFrom(new byte[] {(byte) random.nextInt(), -1});
            case ENUM ->
                field.getEnumType()
                        .getValues()
                        .get(random.nextInt(field.getEnumType().getValues().size()));
            case MESSAGE -> randomMessage(field.getMessageType(), level + 1);
        };
    }
}
