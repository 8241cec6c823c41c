package dev.weir.cli.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * What the sample services write, by the Avro schemas {@code order.avsc} and {@code payment.avsc} of the demo's policy. Every
 * now and then one of them forgets a field, as programs do that were not told of a change.
 */
final class ShopRecords {
    private ShopRecords() {}

    static byte[] order(String order, long amount) {
        return encoded(out -> {
            out.writeString(order);
            out.writeLong(amount);
        });
    }

    static byte[] payment(String order) {
        return encoded(out -> {
            out.writeString(order);
            out.writeBoolean(true);
        });
    }

    /** An order without its amount, or a payment that does not say whether it was paid. */
    static byte[] withoutLastField(String order) {
        return encoded(out -> out.writeString(order));
    }

    private interface Fields {
        void write(BinaryEncoder out) throws IOException;
    }

    private static byte[] encoded(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }
}
