package dev.weir.proxy.batch;

import static dev.weir.proxy.batch.PatchFixture.CHECKOUT;
import static dev.weir.proxy.batch.PatchFixture.HEADER_BYTES;
import static dev.weir.proxy.batch.PatchFixture.VALUE;
import static dev.weir.proxy.batch.PatchFixture.only;
import static dev.weir.proxy.batch.PatchFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.trace.TraceParent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kafka's own classes write the batches, and read what became of them. */
class BatchPatcherTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private final PatchFixture fixture = new PatchFixture();

    @AfterEach
    void nothingIsLeftUnreleased() {
        fixture.assertReleased();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void nothingButHeadersChanges(CompressionType type) {
        for (int seed = 0; seed < 20; seed++) {
            ByteBuffer batch = new RandomBatches(seed).batch(type);
            for (boolean traceparent : new boolean[] {false, true}) {
                for (String principal : new String[] {"checkout", null}) {
                    check(batch, principal, traceparent);
                }
            }
        }
    }

    private void check(ByteBuffer batch, String principal, boolean traceparent) {
        byte[] before = Utils.toArray(batch);
        MutableRecordBatch original = only(batch);
        HeaderPatch patch = new HeaderPatch(principal, traceparent);

        ByteBuffer bytes = fixture.patched(batch, patch);
        assertThat(Utils.toArray(batch)).as("what came is not touched").isEqualTo(before);
        MutableRecordBatch changed = only(bytes);
        changed.ensureValid();
        sameHeader(changed, original);

        List<Record> originals = records(original);
        List<Record> changes = records(changed);
        assertThat(fixture.patcher().records()).isEqualTo(originals.size());
        assertThat(changes).hasSameSizeAs(originals);
        int removed = 0;
        for (int i = 0; i < originals.size(); i++) {
            Record from = originals.get(i);
            Record to = changes.get(i);
            assertThat(to.key()).isEqualTo(from.key());
            assertThat(to.value()).isEqualTo(from.value());
            assertThat(to.offset()).isEqualTo(from.offset());
            assertThat(to.sequence()).isEqualTo(from.sequence());
            assertThat(to.timestamp()).isEqualTo(from.timestamp());
            List<Header> expected = expected(from.headers(), principal, traceparent);
            List<Header> found = Arrays.asList(to.headers());
            assertSame(found, expected);
            int added = found.size() - kept(from.headers(), traceparent).size();
            removed += from.headers().length + added - found.size();
        }
        assertThat(fixture.patcher().headersRemoved()).isEqualTo(removed);
        fixture.patcher().inspect(batch, patch);
        assertThat(fixture.patcher().headersRemoved()).isEqualTo(removed);
    }

    /** All but the reserved ones and, where traces are ensured, all contexts but the first good one. */
    private static List<Header> kept(Header[] headers, boolean traceparent) {
        List<Header> kept = new ArrayList<>();
        boolean good = Arrays.stream(headers).anyMatch(BatchPatcherTest::isGoodTrace);
        boolean traced = false;
        for (Header header : headers) {
            String name = header.key();
            if (name.toLowerCase(Locale.ROOT).startsWith("weir-")) {
                continue;
            }
            if (traceparent && name.equals("traceparent")) {
                if (traced || !isGoodTrace(header)) {
                    continue;
                }
                traced = true;
            }
            if (!traceparent || good || !name.equals("tracestate")) {
                kept.add(header);
            }
        }
        return kept;
    }

    private static List<Header> expected(Header[] headers, String principal, boolean traceparent) {
        List<Header> expected = kept(headers, traceparent);
        if (principal != null) {
            expected.add(new RecordHeader("weir-principal", principal.getBytes(StandardCharsets.UTF_8)));
        }
        if (traceparent && Arrays.stream(headers).noneMatch(BatchPatcherTest::isGoodTrace)) {
            expected.add(new RecordHeader("traceparent", null)); // of any value
        }
        return expected;
    }

    private static void assertSame(List<Header> found, List<Header> expected) {
        assertThat(found)
                .extracting(Header::key)
                .isEqualTo(expected.stream().map(Header::key).toList());
        for (int i = 0; i < found.size(); i++) {
            Header header = expected.get(i);
            if (header.key().equals("traceparent") && header.value() == null) {
                assertThat(isGoodTrace(found.get(i)) || found.get(i).value() == null)
                        .isTrue();
            } else {
                assertThat(found.get(i).value()).isEqualTo(header.value());
            }
        }
    }

    private static boolean isGoodTrace(Header header) {
        return header.key().equals("traceparent")
                && header.value() != null
                && TraceParent.parse(header.value()) != null;
    }

    private static void sameHeader(RecordBatch changed, RecordBatch original) {
        assertThat(changed.magic()).isEqualTo(RecordBatch.MAGIC_VALUE_V2);
        assertThat(changed.baseOffset()).isEqualTo(original.baseOffset());
        assertThat(changed.lastOffset()).isEqualTo(original.lastOffset());
        assertThat(changed.producerId()).isEqualTo(original.producerId());
        assertThat(changed.producerEpoch()).isEqualTo(original.producerEpoch());
        assertThat(changed.baseSequence()).isEqualTo(original.baseSequence());
        assertThat(changed.lastSequence()).isEqualTo(original.lastSequence());
        assertThat(changed.maxTimestamp()).isEqualTo(original.maxTimestamp());
        assertThat(changed.timestampType()).isEqualTo(original.timestampType());
        assertThat(changed.compressionType()).isEqualTo(original.compressionType());
        assertThat(changed.isTransactional()).isEqualTo(original.isTransactional());
        assertThat(changed.isControlBatch()).isEqualTo(original.isControlBatch());
        assertThat(changed.partitionLeaderEpoch()).isEqualTo(original.partitionLeaderEpoch());
        assertThat(changed.countOrNull()).isEqualTo(original.countOrNull());
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aBatchWithoutRecordsStaysOne(CompressionType type) {
        ByteBuffer empty = ByteBuffer.allocate(HEADER_BYTES);
        DefaultRecordBatch.writeEmptyHeader(
                empty,
                RecordBatch.MAGIC_VALUE_V2,
                3,
                (short) 2,
                7,
                0,
                4,
                -1,
                TimestampType.CREATE_TIME,
                5,
                true,
                false);
        empty.flip();
        assertThat(fixture.patched(empty, CHECKOUT)).isEqualTo(empty);
        assertThat(fixture.patcher().records()).isZero();

        ByteBuffer none = RandomBatches.batch(type, List.of(record("v")), 1, (short) 0, 0, false);
        assertThat(only(fixture.patched(none, CHECKOUT)).countOrNull()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aTraceIsBegunOnceForEachRecord(CompressionType type) {
        ByteBuffer batch = RandomBatches.of(
                type,
                record("a"),
                record("b", new RecordHeader("traceparent", TRACE.getBytes(StandardCharsets.US_ASCII))),
                record("c", new RecordHeader("tracestate", VALUE), new RecordHeader("traceparent", VALUE)));
        List<Record> records = records(only(fixture.patched(batch, new HeaderPatch("checkout", true))));

        List<String> contexts = records.stream()
                .map(record -> Arrays.stream(record.headers())
                        .filter(header -> header.key().equals("traceparent"))
                        .toList())
                .map(headers -> {
                    assertThat(headers).hasSize(1);
                    return new String(headers.get(0).value(), StandardCharsets.US_ASCII);
                })
                .toList();
        assertThat(contexts)
                .doesNotHaveDuplicates()
                .allSatisfy(context -> assertThat(TraceParent.parse(context.getBytes(StandardCharsets.US_ASCII)))
                        .isNotNull());
        assertThat(contexts.get(0)).endsWith("-00");
        assertThat(contexts.get(1)).isEqualTo(TRACE);
        assertThat(records.get(2).headers()).extracting(Header::key).containsExactly("weir-principal", "traceparent");
    }

    @Test
    void aCompressedBatchStaysAboutAsSmall() {
        List<SimpleRecord> records = Collections.nCopies(1_000, record("x".repeat(500)));
        for (CompressionType type : CompressionType.values()) {
            ByteBuffer batch = RandomBatches.batch(type, records, 1, (short) 0, 0, false);
            int growth = fixture.patched(batch, CHECKOUT).remaining() - batch.remaining();
            assertThat(growth).isLessThan(type == CompressionType.NONE ? 30_000 : 8_000);
        }
    }

    private static List<Record> records(RecordBatch batch) {
        List<Record> records = new ArrayList<>();
        batch.forEach(records::add);
        return records;
    }
}
