package dev.weir.proxy.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What is read in passing, beside what Kafka's own classes and {@link RecordReader} read of the same bytes. */
class PrefixReaderTest {
    private static final long SEED = 20_251_129;
    private static final int ROUNDS = 3_000;

    private final Random random = new Random(SEED);
    private final PrefixReader reader = new PrefixReader();

    /** Takes all, and writes it down. */
    private static final class Seen implements PrefixReader.Visitor {
        private final List<String> events = new ArrayList<>();
        private boolean well = true;

        @Override
        public boolean id(boolean key, long id) {
            events.add((key ? "key " : "value ") + id);
            return well;
        }

        @Override
        public boolean noId(boolean key) {
            events.add(key ? "key without" : "value without");
            return well;
        }

        @Override
        public boolean tombstone() {
            events.add("tombstone");
            return well;
        }
    }

    private byte[] part(int idBytes) {
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> new byte[] {1, 2, 3};
            default -> {
                int more = random.nextInt(20) == 0 ? random.nextInt(9_000) : random.nextInt(120);
                ByteBuffer bytes = ByteBuffer.allocate(1 + idBytes + more).put((byte) 0);
                int id = random.nextInt(5) - 1;
                yield (idBytes == 4 ? bytes.putInt(id) : bytes.putLong(id)).array();
            }
        };
    }

    private List<SimpleRecord> records(int keyIdBytes, int valueIdBytes) {
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            Header[] headers = new Header[random.nextInt(3)];
            for (int j = 0; j < headers.length; j++) {
                headers[j] = new RecordHeader("h" + j, new byte[random.nextInt(20)]);
            }
            long millis = 1_700_000_000_000L + random.nextInt(2_000_000) - 1_000_000;
            records.add(
                    new SimpleRecord(millis, part(Math.max(4, keyIdBytes)), part(Math.max(4, valueIdBytes)), headers));
        }
        return records;
    }

    private int idBytes() {
        return 4 * random.nextInt(3);
    }

    /** Feeds a field in pieces of random lengths, which lie anywhere in their buffers. */
    private Seen read(ByteBuffer field, int keyIdBytes, int valueIdBytes, Seen seen) {
        reader.begin(field.remaining(), keyIdBytes, valueIdBytes);
        ByteBuffer rest = field.duplicate();
        int most = 1 + random.nextInt(random.nextBoolean() ? 8 : 5_000);
        while (rest.hasRemaining()) {
            int length = Math.min(rest.remaining(), 1 + random.nextInt(most));
            int before = random.nextInt(3);
            ByteBuf chunk = Unpooled.buffer(before + length + 7);
            chunk.writeZero(before);
            chunk.writeBytes(rest.slice().limit(length));
            rest.position(rest.position() + length);
            reader.read(chunk, before, length, seen);
        }
        return seen;
    }

    private static List<String> expected(ByteBuffer batch, int keyIdBytes, int valueIdBytes) {
        List<String> events = new ArrayList<>();
        for (Record record : MemoryRecords.readableRecords(batch.duplicate()).records()) {
            if (keyIdBytes > 0 && record.hasKey()) {
                events.add("key " + said(record.key(), keyIdBytes));
            }
            if (!record.hasValue()) {
                events.add("tombstone");
            } else if (valueIdBytes > 0) {
                events.add("value " + said(record.value(), valueIdBytes));
            }
        }
        return events;
    }

    private static String said(ByteBuffer part, int idBytes) {
        return !part.hasRemaining() || part.get(0) != 0
                ? "without"
                : Long.toString(idBytes == 4 ? part.getInt(1) : part.getLong(1));
    }

    @Test
    void itSeesWhatKafkaSeesWhereverTheBytesAreSplit() {
        for (int round = 0; round < ROUNDS; round++) {
            int key = idBytes();
            int value = idBytes();
            List<SimpleRecord> records = records(key, value);
            ByteBuffer batch = new RandomBatches(random.nextLong()).batch(CompressionType.NONE, records);
            Seen seen = read(batch, key, value, new Seen());
            assertThat(seen.events).as("round %d of seed %d", round, SEED).isEqualTo(expected(batch, key, value));
            assertThat(reader.followed()).as("round %d of seed %d", round, SEED).isTrue();
            assertThat(reader.count()).isEqualTo(records.size());
        }
    }

    /** Two readings of one record would let one pass by the other. */
    @Test
    void whatItFollowsOfDamagedBytesIsWhatTheRulesWouldHaveRead() {
        int followed = 0;
        for (int round = 0; round < 4 * ROUNDS; round++) {
            ByteBuffer batch = RandomBatches.of(
                    CompressionType.NONE, records(4, 4).stream().limit(3).toArray(SimpleRecord[]::new));
            for (int i = random.nextInt(3); i >= 0; i--) {
                int from = random.nextBoolean() ? BatchBody.COUNT_AT : BatchBody.HEADER_BYTES;
                batch.put(from + random.nextInt(Math.min(60, batch.limit() - from)), (byte) random.nextInt(256));
            }
            BatchBody.sealed(batch);
            Seen seen = read(batch, 4, 4, new Seen());
            if (reader.followed()) {
                followed++;
                List<String> read = new ArrayList<>();
                boolean whole = asRulesRead(batch, read);
                assertThat(whole ? seen.events : seen.events.subList(0, read.size()))
                        .as("round %d of seed %d", round, SEED)
                        .isEqualTo(read);
            }
        }
        assertThat(followed).isGreaterThan(ROUNDS / 10);
    }

    /** Whether they are read to their end: of headers, nobody has asked how many there are, and the broker refuses it. */
    private static boolean asRulesRead(ByteBuffer batch, List<String> events) {
        try (BatchBody body = BatchBody.open(batch, UnpooledByteBufAllocator.DEFAULT, BatchLimits.DEFAULT)) {
            new RecordReader().read(body, (index, record) -> {
                if (record.keyBytes() >= 0) {
                    events.add("key " + said(ByteBuffer.wrap(record.key()), 4));
                }
                events.add(record.valueBytes() < 0 ? "tombstone" : "value " + said(ByteBuffer.wrap(record.value()), 4));
            });
            return true;
        } catch (InvalidBatchException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = Mode.EXCLUDE, names = "NONE")
    void aCompressedBatchIsNotFollowed(CompressionType type) {
        Seen seen = read(RandomBatches.of(type, records(4, 4).toArray(SimpleRecord[]::new)), 4, 4, new Seen());
        assertThat(reader.followed()).isFalse();
        assertThat(seen.events).isEmpty();
    }

    @Test
    void theFirstNoEndsIt() {
        Seen seen = new Seen();
        seen.well = false;
        SimpleRecord good = new SimpleRecord(null, new byte[] {0, 0, 0, 0, 7});
        read(RandomBatches.of(CompressionType.NONE, good, good, good), 0, 4, seen);
        assertThat(reader.followed()).isFalse();
        assertThat(seen.events).containsExactly("value 7");
    }

    /** A broker reads how many headers there are past its end, and refuses it: so do both readings. */
    @Test
    void aTombstoneWithoutANumberOfHeadersIsNotFollowed() {
        for (int timestampBytes = 1; timestampBytes <= 2; timestampBytes++) {
            ByteBuffer batch = RandomBatches.of(
                    CompressionType.NONE, new SimpleRecord(null, new byte[0]), new SimpleRecord(null, new byte[60]));
            ByteBuffer bare = ByteBuffer.allocate(batch.limit() + 1).put(batch.slice(0, BatchBody.HEADER_BYTES));
            bare.put((byte) (2 * (4 + timestampBytes))).put((byte) 0); // length, attributes
            for (int i = 1; i < timestampBytes; i++) {
                bare.put((byte) 0x80);
            }
            bare.put((byte) 0).put((byte) 0).put((byte) 1).put((byte) 1); // time, offset, no key, no value
            bare.put(batch.slice(BatchBody.HEADER_BYTES + 7, batch.limit() - BatchBody.HEADER_BYTES - 7));
            bare.flip();
            bare.putInt(BatchBody.LENGTH_AT, bare.limit() - 12);
            read(bare, 0, 4, new Seen());
            assertThat(reader.followed()).as("time of %d bytes", timestampBytes).isFalse();
        }
    }

    @Test
    void anIdThatIsCutShortIsNotFollowed() {
        read(RandomBatches.of(CompressionType.NONE, new SimpleRecord(null, new byte[4])), 0, 4, new Seen());
        assertThat(reader.followed()).isFalse();
    }

    @Test
    void whatIsNotOneWholeBatchIsNotFollowed() {
        ByteBuffer one = RandomBatches.of(CompressionType.NONE, new SimpleRecord(null, new byte[] {0, 0, 0, 0, 7, 1}));
        ByteBuffer two = ByteBuffer.allocate(2 * one.limit())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        read(two, 0, 4, new Seen());
        assertThat(reader.followed()).isFalse();

        read(one.duplicate().limit(one.limit() - 1), 0, 4, new Seen());
        assertThat(reader.followed()).isFalse();

        ByteBuffer fewer = one.duplicate();
        fewer.putInt(BatchBody.COUNT_AT, 2);
        read(fewer, 0, 4, new Seen());
        assertThat(reader.followed()).isFalse();

        ByteBuffer old = MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V1, Compression.NONE, new SimpleRecord(1, null, new byte[60]))
                .buffer();
        read(old, 0, 4, new Seen());
        assertThat(reader.followed()).isFalse();
    }

    @Test
    void ofAnEmptyFieldThereIsNothingToSay() {
        reader.begin(0, 4, 4);
        assertThat(reader.followed()).isTrue();
        reader.begin(10, 4, 4);
        assertThat(reader.followed()).isFalse();
    }
}
