package dev.weir.proxy.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TracedBatchTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void contextsAreFoundWhateverTheCompression(CompressionType type) {
        ByteBuffer batch = batch(type, 40, true);
        assertThat(TracedBatch.contexts(batch, 16))
                .hasSize(16)
                .containsOnly(new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true));
        assertThat(TracedBatch.contexts(batch, 1)).hasSize(1);
        assertThat(TracedBatch.contexts(batch(type, 40, false), 16)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whatIsCutOffOrBrokenGivesWhatWasFoundBefore(CompressionType type) {
        ByteBuffer whole = batch(type, 40, true);
        Random random = new Random(7);
        for (int length = 0; length < whole.remaining(); length += 13) {
            ByteBuffer part = whole.duplicate().limit(length);
            assertThat(TracedBatch.contexts(part, 100)).hasSizeLessThanOrEqualTo(40);
            byte[] broken = new byte[length];
            whole.duplicate().get(broken);
            for (int i = 61; i < length; i += 5) {
                broken[i] = (byte) random.nextInt();
            }
            assertThat(TracedBatch.contexts(ByteBuffer.wrap(broken), 100)).hasSizeLessThanOrEqualTo(100);
        }
    }

    @Test
    void aTraceParentIsReadAsItsStandardSays() {
        assertThat(parse(PARENT)).isNotNull();
        assertThat(parse(PARENT.replaceAll("01$", "00")))
                .isEqualTo(new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", false));
        assertThat(parse(PARENT.replaceFirst("00", "cc") + "-more")).isNotNull();
        assertThat(parse(PARENT + "-more")).isNull();
        assertThat(parse(PARENT.replaceFirst("00", "ff"))).isNull();
        assertThat(parse(PARENT.toUpperCase(Locale.ROOT))).isNull();
        assertThat(parse("00-00000000000000000000000000000000-00f067aa0ba902b7-01"))
                .isNull();
        assertThat(parse("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"))
                .isNull();
        assertThat(parse(PARENT.substring(1))).isNull();
        assertThat(parse("")).isNull();
    }

    private static TraceParent parse(String text) {
        return TraceParent.parse(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer batch(CompressionType type, int records, boolean traced) {
        SimpleRecord[] all = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            Header[] headers = {
                new RecordHeader("other", new byte[30]),
                new RecordHeader(traced ? "traceparent" : "tracestate", PARENT.getBytes(StandardCharsets.US_ASCII))
            };
            all[i] =
                    new SimpleRecord(1_000L + i, ("key-" + i).getBytes(StandardCharsets.UTF_8), new byte[200], headers);
        }
        return MemoryRecords.withRecords(Compression.of(type).build(), all).buffer();
    }
}
