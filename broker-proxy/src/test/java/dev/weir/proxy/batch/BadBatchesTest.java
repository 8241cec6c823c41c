package dev.weir.proxy.batch;

import static dev.weir.proxy.batch.PatchFixture.CHECKOUT;
import static dev.weir.proxy.batch.PatchFixture.HEADER_BYTES;
import static dev.weir.proxy.batch.PatchFixture.VALUE;
import static dev.weir.proxy.batch.PatchFixture.only;
import static dev.weir.proxy.batch.PatchFixture.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no batch, or none that may be written anew, made by hand of bytes. */
class BadBatchesTest {
    private final PatchFixture fixture = new PatchFixture();

    @AfterEach
    void nothingIsLeftUnreleased() {
        fixture.assertReleased();
    }

    @Test
    void anyBrokenByteIsFound() {
        ByteBuffer batch = RandomBatches.of(CompressionType.NONE, record("value", new RecordHeader("h", VALUE)));
        for (int at = 17; at < batch.limit(); at++) {
            byte[] broken = Utils.toArray(batch);
            broken[at] ^= 1;
            refused(ByteBuffer.wrap(broken), Errors.CORRUPT_MESSAGE, "checksum");
        }
    }

    @Test
    void whatIsNotOneWholeBatchOfFormat2IsRefused() {
        ByteBuffer batch = RandomBatches.of(CompressionType.NONE, record("value"));
        for (int length = 0; length < batch.limit(); length++) {
            refused(batch.duplicate().limit(length), Errors.CORRUPT_MESSAGE, "a record batch");
        }
        ByteBuffer twice = ByteBuffer.allocate(2 * batch.limit())
                .put(batch.duplicate())
                .put(batch.duplicate())
                .flip();
        refused(twice, Errors.INVALID_RECORD, "bytes after the first record batch");
        for (byte magic : new byte[] {0, 1}) {
            ByteBuffer old = MemoryRecords.withRecords(magic, Compression.NONE, new SimpleRecord(1, VALUE, VALUE))
                    .buffer();
            refused(old, Errors.INVALID_RECORD, "of format " + magic);
        }
        refused(changed(batch, 8, Integer.MAX_VALUE), Errors.CORRUPT_MESSAGE, "says that it has");
        refused(changed(batch, 8, -1), Errors.CORRUPT_MESSAGE, "says that it has");
        refused(changed(batch, 57, -1), Errors.INVALID_RECORD, "of -1 records");
        refused(changed(batch, 57, Integer.MAX_VALUE), Errors.INVALID_RECORD, "2147483647 records in");
        refused(changed(batch, 57, 0), Errors.INVALID_RECORD, "bytes after the last record");
        ByteBuffer unknown = ByteBuffer.wrap(Utils.toArray(batch));
        unknown.putShort(21, (short) 5);
        refused(sealed(unknown), Errors.UNSUPPORTED_COMPRESSION_TYPE, "compression");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0e 00 00 00 01 01 00", // longer than what is there
                "0a 00 00 00 01 01", // shorter than the fields need
                "ffffffff0f 00 00 00 01 01 00", // a length below zero
                "0c 00 00 00 7e 01 00", // a key beyond the end
                "0c 00 00 00 01 7e 00", // a value beyond the end
                "0c 00 00 00 01 01 01", // -1 headers
                "0c 00 00 00 01 01 02", // a header that is not there
                "10 00 00 00 01 01 02 01 01", // a header without a name
                "10 00 00 00 01 01 02 02 01", // a header's name beyond the end
                "0e 00 00 00 01 01 00 00", // a byte after the headers
                "0c 00 00 ff ff ff ff", // it ends within a varint
                "18 00 00 ffffffffff7f 01 01 00 00" // a varint of more than five bytes
            })
    void recordsThatKafkaRefusesAreRefused(String hex) {
        for (CompressionType type : CompressionType.values()) {
            ByteBuffer batch = compressed(raw(bytes(hex)), type);
            refused(batch, Errors.INVALID_RECORD, "");
            assertThatThrownBy(() -> only(batch).forEach(record -> {}))
                    .as("Kafka does not take it either")
                    .isInstanceOf(RuntimeException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0c 00 00 00 03 01 00", // a key of -2 bytes, which Kafka takes for null
                "0c 00 00 00 01 03 00", // a value of -2 bytes
                "14 00 00 ffffffff1f 01 01 00", // a varint of more than 32 bits, of which Kafka drops some
                "1e 00 80808080808080808002 00 01 01 00" // one of more than 64 bits
            })
    void whatNoProducerWritesIsRefused(String hex) {
        for (CompressionType type : CompressionType.values()) {
            refused(compressed(raw(bytes(hex)), type), Errors.INVALID_RECORD, "");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"NONE"},
            mode = EnumSource.Mode.EXCLUDE)
    void compressedBytesThatAreNoneAreRefused(CompressionType type) {
        ByteBuffer batch = RandomBatches.of(type, record("x".repeat(500)), record("y".repeat(500)));
        Random random = new Random(8);
        for (int i = 0; i < 500; i++) {
            byte[] broken = Utils.toArray(batch);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                broken[HEADER_BYTES + random.nextInt(broken.length - HEADER_BYTES)] = (byte) random.nextInt();
            }
            try {
                only(fixture.patched(sealed(ByteBuffer.wrap(broken)), CHECKOUT)).ensureValid();
            } catch (InvalidBatchException e) {
                assertThat(e.error()).isIn(Errors.INVALID_RECORD, Errors.MESSAGE_TOO_LARGE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aBatchThatWouldBecomeTooLargeIsRefused(CompressionType type) {
        BatchPatcher small = fixture.patcher(new BatchLimits(10_000, 1_000));
        ByteBuffer batch = RandomBatches.of(type, record("x".repeat(9_970)));
        assertThatThrownBy(() -> small.patch(batch, CHECKOUT))
                .isInstanceOfSatisfying(
                        InvalidBatchException.class, e -> assertThat(e.error()).isEqualTo(Errors.MESSAGE_TOO_LARGE));
        ByteBuffer bomb = RandomBatches.of(type, record("x".repeat(2_000_000)));
        BatchPatcher byRatio = fixture.patcher(new BatchLimits(64 << 20, 3));
        if (type != CompressionType.NONE) {
            assertThatThrownBy(() -> byRatio.patch(bomb, CHECKOUT))
                    .isInstanceOfSatisfying(
                            InvalidBatchException.class,
                            e -> assertThat(e.error()).isIn(Errors.MESSAGE_TOO_LARGE, Errors.INVALID_RECORD));
        }
    }

    @Test
    void aSnappyBlockThatClaimsGigabytesIsNotBelieved() {
        ByteBuffer batch = raw(bytes("ffffffff07 00 00 00 00"));
        batch.putShort(21, (short) CompressionType.SNAPPY.id);
        refused(sealed(batch), Errors.INVALID_RECORD, "not compressed as it says, snappy");
    }

    private void refused(ByteBuffer batch, Errors error, String reason) {
        assertThatThrownBy(() -> fixture.patched(batch, CHECKOUT))
                .hasMessageContaining(reason)
                .isInstanceOfSatisfying(
                        InvalidBatchException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static ByteBuffer changed(ByteBuffer batch, int at, int value) {
        ByteBuffer changed = ByteBuffer.wrap(Utils.toArray(batch));
        changed.putInt(at, value);
        return sealed(changed);
    }

    /** A batch of these bytes in place of its one record. */
    private static ByteBuffer raw(byte... records) {
        ByteBuffer head = RandomBatches.of(CompressionType.NONE, record("value"));
        ByteBuffer batch = ByteBuffer.allocate(HEADER_BYTES + records.length)
                .put(head.duplicate().limit(HEADER_BYTES))
                .put(records)
                .flip();
        batch.putInt(8, batch.limit() - 12);
        batch.putInt(57, 1);
        return sealed(batch);
    }

    private static ByteBuffer compressed(ByteBuffer batch, CompressionType type) {
        ByteBufferOutputStream out = new ByteBufferOutputStream(1_024);
        out.write(batch.duplicate().limit(HEADER_BYTES));
        byte[] body = Utils.toArray(batch.duplicate().position(HEADER_BYTES));
        try (OutputStream stream = Compression.of(type).build().wrapForOutput(out, RecordBatch.MAGIC_VALUE_V2)) {
            stream.write(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        ByteBuffer compressed = out.buffer().flip();
        compressed.putShort(21, (short) type.id);
        compressed.putInt(8, compressed.limit() - 12);
        return sealed(compressed);
    }

    private static ByteBuffer sealed(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(Math.min(21, batch.limit())));
        batch.putInt(17, (int) crc.getValue());
        return batch;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
