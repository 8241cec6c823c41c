package dev.weir.schema.avro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schema.Limits;
import dev.weir.schema.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

/** Avro's own library is the oracle: what it writes is valid, and what is valid it can read. */
class AvroOracleTest {
    private static final long SEED = 20_261_129;
    private static final int SCHEMAS = 60;
    private static final int RECORDS = 20;
    private static final int CHANGES = 40;

    private final Random random = new Random(SEED);

    @Test
    void whatAvroWritesIsValidAndNoPartOfItIs() throws IOException {
        for (int i = 0; i < SCHEMAS; i++) {
            Schema schema = RandomSchemas.record(random, 0);
            AvroValidator validator = new AvroValidator(schema, Limits.DEFAULT);
            for (Object datum : new RandomData(schema, RECORDS, random.nextLong())) {
                byte[] bytes = written(schema, datum, i % 2 == 0);
                Violation violation = validator.check(bytes, 0, bytes.length);
                assertThat(violation).as("%s", schema).isNull();
                for (int length = 0; length < bytes.length; length++) {
                    assertThat(validator.check(bytes, 0, length))
                            .as("%s cut to %d of %d bytes", schema, length, bytes.length)
                            .isNotNull();
                }
            }
        }
    }

    @Test
    void whatPassesAfterAChangeAvroCanRead() throws IOException {
        int passed = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            Schema schema = RandomSchemas.record(random, 0);
            AvroValidator validator = new AvroValidator(schema, Limits.DEFAULT);
            for (Object datum : new RandomData(schema, RECORDS, random.nextLong())) {
                byte[] bytes = written(schema, datum, i % 2 == 0);
                for (int change = 0; change < CHANGES && bytes.length > 0; change++) {
                    byte[] changed = bytes.clone();
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
                    if (validator.check(changed, 0, changed.length) == null) {
                        passed++;
                        assertThat(readBytes(schema, changed))
                                .as("%s from %s", schema, Arrays.toString(changed))
                                .isEqualTo(changed.length);
                    }
                }
            }
        }
        assertThat(passed).isGreaterThan(1_000);
    }

    private static byte[] written(Schema schema, Object datum, boolean blocking) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = blocking
                ? new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null)
                : EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(datum, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static int readBytes(Schema schema, byte[] bytes) throws IOException {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
        new GenericDatumReader<>(schema).read(null, decoder);
        return bytes.length - decoder.inputStream().available();
    }

    /** Schemas of every type, a few levels deep. */
    private static final class RandomSchemas {
        private static int names;

        static Schema record(Random random, int level) {
            List<Schema.Field> fields = new ArrayList<>();
            // never empty: a record without bytes cannot be cut
            fields.add(new Schema.Field("first", Schema.create(Schema.Type.LONG)));
            for (int i = random.nextInt(6); i > 0; i--) {
                fields.add(new Schema.Field("f" + i, any(random, level + 1)));
            }
            return Schema.createRecord("R" + names++, null, "test", false, fields);
        }

        private static Schema any(Random random, int level) {
            return switch (random.nextInt(level > 3 ? 9 : 13)) {
                case 0 -> Schema.create(Schema.Type.NULL);
                case 1 -> Schema.create(Schema.Type.BOOLEAN);
                case 2 -> Schema.create(Schema.Type.INT);
                case 3 -> Schema.create(Schema.Type.LONG);
                case 4 -> Schema.create(Schema.Type.FLOAT);
                case 5 -> Schema.create(Schema.Type.DOUBLE);
                case 6 -> Schema.create(Schema.Type.BYTES);
                case 7 -> Schema.create(Schema.Type.STRING);
                case 8 ->
                    random.nextBoolean()
                            ? Schema.createFixed("F" + names++, null, "test", random.nextInt(20))
                            : Schema.createEnum("E" + names++, null, "test", List.of("A", "B", "C"));
                case 9 -> Schema.createArray(any(random, level + 1));
                case 10 -> Schema.createMap(any(random, level + 1));
                case 11 -> Schema.createUnion(Schema.create(Schema.Type.NULL), record(random, level + 1));
                default -> record(random, level + 1);
            };
        }
    }
}
