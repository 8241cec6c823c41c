package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.decide.SchemaGuard.Check;
import dev.weir.policy.decide.SchemaGuard.Source;
import dev.weir.proxy.batch.BatchBody;
import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.registry.SchemaRegistries;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import dev.weir.schema.framing.Framing;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** A rule that says no framing, and records that have one. */
class SchemaCheckTest {
    private static final String WORDS =
            "value by schema order.avsc: at id (byte 0): found something else, expected a string";
    private static final String HINT =
            "; behind the 5 bytes of a schema id it is good: does the SchemaRule want framing: confluent?";
    private static final byte[] FRAMED = {0, 0, 0, 0, 7, 'g'};

    private int judged;

    /** What begins with a g is good. */
    private final PayloadValidator validator = (bytes, offset, lengthBytes) -> {
        judged++;
        return bytes[offset] == 'g' ? null : new Violation(Reason.PAYLOAD, "id", "something else", "a string", 0);
    };

    @Test
    void noRecordIsJudgedMoreThanOnceForWhoOnlyCounts() {
        byte[] field = field(FRAMED, FRAMED, new byte[] {'g'});
        SchemaCheck check = read(field, (index, record, problem) -> {});
        assertThat(check.bad()).isEqualTo(Map.of(Reason.PAYLOAD, 2));
        assertThat(judged).isEqualTo(3);

        Arrays.fill(field, (byte) 1); // the batch is closed, and its memory another's
        assertThat(check.examples().get(Reason.PAYLOAD).get()).isEqualTo(WORDS + HINT);
        assertThat(judged).isEqualTo(4);
    }

    @Test
    void whoAsksWhileTheBatchIsOpenIsAskedForTheFraming() {
        SchemaCheck check = read(
                field(FRAMED),
                (index, record, problem) -> assertThat(problem.text()).isEqualTo(WORDS + HINT));
        assertThat(check.badRecords()).isEqualTo(1);
        assertThat(judged).isEqualTo(2);
    }

    @Test
    void aLargeRecordIsJudgedAtOnceSoThatNoEventLoopHasTo() {
        byte[] large = Arrays.copyOf(FRAMED, 20_000);
        byte[] field = field(large);
        SchemaCheck check = read(field, (index, record, problem) -> {});
        assertThat(judged).isEqualTo(2);
        Arrays.fill(field, (byte) 1);
        assertThat(check.examples().get(Reason.PAYLOAD).get()).isEqualTo(WORDS + HINT);
        assertThat(judged).isEqualTo(2);
    }

    private SchemaCheck read(byte[] field, ViolationAction action) {
        Check value = new Check(
                Framing.NONE,
                new Source.Declared("order.avsc", validator, Map.of(Framing.CONFLUENT_PREFIX, validator)));
        SchemaGuard guard = new SchemaGuard(
                new RuleRef("orders", "orders.yaml", 1, "test"),
                OnViolation.OBSERVE,
                null,
                null,
                value,
                true,
                false,
                false);
        SchemaRegistries none = SchemaRegistries.open(null, List.of());
        SchemaCheck check = new SchemaCheck(guard, "orders", new SchemaLookups(none, "orders", false), action);
        try (BatchBody body =
                BatchBody.open(ByteBuffer.wrap(field), UnpooledByteBufAllocator.DEFAULT, BatchLimits.DEFAULT)) {
            new RecordReader().read(body, check);
        }
        return check;
    }

    /** One batch, not compressed. */
    private static byte[] field(byte[]... values) {
        ByteBuffer batch = MemoryRecords.withRecords(
                        Compression.NONE,
                        Stream.of(values)
                                .map(value -> new SimpleRecord(0, null, value))
                                .toArray(SimpleRecord[]::new))
                .buffer();
        byte[] field = new byte[batch.remaining()];
        batch.get(field);
        return field;
    }
}
