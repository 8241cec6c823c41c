package dev.weir.bench.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** What the load writes: an order in Avro, whose last field fills it up. It compresses as random bytes do, hardly. */
final class OrderRecord {
    static final String SCHEMA = """
            {"type": "record", "name": "Order", "fields": [
              {"name": "id", "type": "long"},
              {"name": "customer", "type": "string"},
              {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
                {"name": "sku", "type": "string"},
                {"name": "quantity", "type": "int"},
                {"name": "price", "type": "double"}]}}},
              {"name": "note", "type": "bytes"}]}
            """;

    private static final int LINES = 8;
    /** Of the length of the note, from 64 to 8,191 bytes. */
    private static final int LENGTH_BYTES = 2;

    private OrderRecord() {}

    /** One of exactly so many bytes, at least 512. */
    static byte[] of(int bytes) {
        SplittableRandom random = new SplittableRandom(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            encoder.writeLong(random.nextLong());
            encoder.writeString("c0a8017e-7b1f-4d0e-9c39-5f0d6c1b2a3d");
            encoder.writeArrayStart();
            encoder.setItemCount(LINES);
            for (int i = 0; i < LINES; i++) {
                encoder.startItem();
                encoder.writeString("sku-" + (100_000 + random.nextInt(900_000)));
                encoder.writeInt(random.nextInt(100));
                encoder.writeDouble(random.nextDouble());
            }
            encoder.writeArrayEnd();
            byte[] note = new byte[bytes - out.size() - LENGTH_BYTES];
            random.nextBytes(note);
            encoder.writeBytes(note);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return out.toByteArray();
    }
}
