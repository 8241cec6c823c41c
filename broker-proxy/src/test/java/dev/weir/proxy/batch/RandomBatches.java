package dev.weir.proxy.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Batches as producers write them, of all kinds, from a seed. */
final class RandomBatches {
    private static final List<String> NAMES = List.of(
            "weir-principal",
            "WEIR-Principal",
            "weir-",
            "weir-signature",
            "weir",
            "weird",
            "traceparent",
            "tracestate",
            "other",
            "",
            "Ω");
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final Random random;

    RandomBatches(long seed) {
        random = new Random(seed);
    }

    /** A batch of records at random: idempotent, transactional or neither. */
    ByteBuffer batch(CompressionType type) {
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            records.add(record());
        }
        return batch(type, records);
    }

    ByteBuffer batch(CompressionType type, List<SimpleRecord> records) {
        int kind = random.nextInt(3);
        long producerId = kind == 0 ? RecordBatch.NO_PRODUCER_ID : random.nextInt(1_000_000);
        short epoch = kind == 0 ? RecordBatch.NO_PRODUCER_EPOCH : (short) random.nextInt(100);
        int sequence = kind == 0 ? RecordBatch.NO_SEQUENCE : random.nextInt(1 << 30);
        return batch(type, records, producerId, epoch, sequence, kind == 2);
    }

    static ByteBuffer batch(
            CompressionType type,
            List<SimpleRecord> records,
            long producerId,
            short epoch,
            int sequence,
            boolean transactional) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(512),
                RecordBatch.MAGIC_VALUE_V2,
                Compression.of(type).build(),
                TimestampType.CREATE_TIME,
                0,
                RecordBatch.NO_TIMESTAMP,
                producerId,
                epoch,
                sequence,
                transactional,
                RecordBatch.NO_PARTITION_LEADER_EPOCH);
        records.forEach(builder::append);
        return builder.build().buffer();
    }

    static ByteBuffer of(CompressionType type, SimpleRecord... records) {
        return MemoryRecords.withRecords(Compression.of(type).build(), records).buffer();
    }

    private SimpleRecord record() {
        int headers = random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(4);
        Header[] all = new Header[headers];
        for (int i = 0; i < headers; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            boolean traced = name.startsWith("trace") && random.nextBoolean();
            all[i] = new RecordHeader(name, traced ? TRACE.getBytes(StandardCharsets.US_ASCII) : bytes());
        }
        return new SimpleRecord(1_700_000_000_000L + random.nextInt(2_000_000) - 1_000_000, bytes(), bytes(), all);
    }

    private byte @Nullable [] bytes() {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> filled(random.nextInt(30_000));
            default -> filled(random.nextInt(300));
        };
    }

    private byte[] filled(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(8));
        }
        return bytes;
    }
}
