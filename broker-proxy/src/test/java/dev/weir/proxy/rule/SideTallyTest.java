package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Side;
import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.batch.RecordFilter;
import dev.weir.proxy.batch.RecordFilter.Choice;
import dev.weir.proxy.telemetry.CanaryHold;
import dev.weir.proxy.telemetry.CanaryRefusal;
import dev.weir.proxy.telemetry.CanarySideMetrics;
import dev.weir.proxy.telemetry.ProxyMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.opentelemetry.api.metrics.MeterProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SideTallyTest {
    private static final int BATCHES = 4;
    private static final int RECORDS = 5;

    private final CanarySideMetrics counters =
            new ProxyMetrics(MeterProvider.noop().get("weir")).canaries().side("payments-v2", Side.CANARY);
    private final SideTally tally = new SideTally("payments-v2", Side.CANARY, counters);

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void everyRecordThatCameIsCountedOnce(CompressionType type) {
        ByteBuffer fetched = field(type);
        filter(
                fetched,
                offset -> offset % RECORDS < 2 && offset >= RECORDS ? Choice.KEEP : Choice.DROP,
                Long.MAX_VALUE);
        tally.delivered(7);

        assertThat(counters.given()).isEqualTo((BATCHES - 1) * 2L);
        assertThat(counters.takenOut()).isEqualTo(BATCHES * RECORDS - counters.given());
        assertThat(counters.waiting()).isZero();
        assertThat(counters.held(CanaryHold.HANDOVER)).isZero();
    }

    @Test
    void whatStaysWholeIsGiven() {
        filter(field(CompressionType.NONE), offset -> Choice.KEEP, Long.MAX_VALUE);
        tally.delivered(7);
        assertThat(counters.given()).isEqualTo(BATCHES * RECORDS);
        assertThat(counters.takenOut()).isZero();
    }

    @Test
    void aBatchInWhichARecordWaitsIsNeitherGivenNorTakenOut() {
        long waits = RECORDS + 2;
        filter(
                field(CompressionType.GZIP),
                offset -> offset >= waits ? Choice.STOP : offset % 2 == 0 ? Choice.KEEP : Choice.DROP,
                waits);
        tally.delivered(7);
        assertThat(counters.given()).isEqualTo(3);
        assertThat(counters.takenOut()).isEqualTo(2);
        assertThat(counters.waiting()).isEqualTo((BATCHES - 1) * RECORDS);
        assertThat(counters.held(CanaryHold.HANDOVER)).isOne();
    }

    @Test
    void anAnswerCountsOnceHoweverOftenTheRuleLooksAtIt() {
        tally.begin();
        tally.held(CanaryHold.CHANGE);
        tally.refused(CanaryRefusal.NO_GROUP);
        tally.begin();
        tally.held(CanaryHold.MEMBERSHIP);
        tally.begin();
        filter(field(CompressionType.NONE), offset -> Choice.KEEP, Long.MAX_VALUE);
        assertThat(counters.given()).as("it did not go down yet").isZero();
        tally.delivered(7);

        assertThat(counters.given()).isEqualTo(BATCHES * RECORDS);
        assertThat(counters.held(CanaryHold.CHANGE)).as("why it was held first").isOne();
        assertThat(counters.held(CanaryHold.MEMBERSHIP)).isZero();
        assertThat(counters.refusals(CanaryRefusal.NO_GROUP)).isZero();
    }

    private void filter(ByteBuffer fetched, LongFunction<Choice> choice, long waitsFrom) {
        ByteBuf rest = new RecordFilter(new UnpooledByteBufAllocator(false), BatchLimits.DEFAULT)
                .filter(fetched, (offset, record) -> choice.apply(offset), false);
        tally.filtered(fetched, rest, waitsFrom);
        if (rest != null) {
            rest.release();
        }
    }

    private static ByteBuffer field(CompressionType type) {
        ByteBuffer field = ByteBuffer.allocate(64 << 10);
        for (int i = 0; i < BATCHES; i++) {
            SimpleRecord[] records = new SimpleRecord[RECORDS];
            for (int j = 0; j < RECORDS; j++) {
                records[j] = new SimpleRecord(("value " + j).getBytes(StandardCharsets.UTF_8));
            }
            field.put(MemoryRecords.withRecords(
                            (long) i * RECORDS, Compression.of(type).build(), records)
                    .buffer());
        }
        return field.flip();
    }
}
