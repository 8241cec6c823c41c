package dev.weir.bench.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * What the load writes: an order in Avro, behind {@code 0x00} and the id of its schema, whose last field fills it up. It compresses as
 * JSON with numbers in it does, to about two thirds by lz4.
 */
final class OrderRecord {
    static final int SCHEMA_ID = 7;

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

    /** As many as lz4, which looks back by 64 KiB, does not find the same again. */
    private static final int DIFFERENT = 256;

    private static final int LINES = 8;
    private static final int PREFIX_BYTES = 5;
    /** Of the length of the note, from 64 to 8,191 bytes. */
    private static final int LENGTH_BYTES = 2;

    private OrderRecord() {}

    /** Different ones, each of exactly so many bytes, at least 512. */
    static byte[][] of(int bytes) {
        SplittableRandom random = new SplittableRandom(1);
        byte[][] orders = new byte[DIFFERENT][];
        for (int i = 0; i < DIFFERENT; i++) {
            orders[i] = order(bytes, random);
        }
        return orders;
    }

    private static byte[] order(int bytes, SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes);
        out.writeBytes(ByteBuffer.allocate(PREFIX_BYTES)
                .put((byte) 0)
                .putInt(SCHEMA_ID)
                .array());
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
            encoder.writeBytes(note(bytes - out.size() - LENGTH_BYTES, random));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return out.toByteArray();
    }

    private static byte[] note(int bytes, SplittableRandom random) {
        StringBuilder text = new StringBuilder("{");
        while (text.length() < bytes) {
            text.append("\"field")
                    .append(random.nextInt(20))
                    .append("\":")
                    .append(random.nextInt())
                    .append(',');
        }
        return text.substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
    }
}
