package dev.weir.proxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.policy.decide.Mirroring.Selection;
import dev.weir.proxy.batch.ProducedBatch;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent of a batch; Kafka's own classes write it, and read what is left of it. */
class MirrorBatchTest {
    private static final int RECORDS = 400;

    private final Copies copies = new Copies();

    private static SimpleRecord record(int index) {
        byte[] key = index % 10 == 0 ? null : ("key-" + index % 50).getBytes(StandardCharsets.UTF_8);
        Header header = new RecordHeader("x-tenant", (index % 4 == 0 ? "acme" : "other").getBytes());
        return new SimpleRecord(
                1_000 + index, key, ("value-" + index).getBytes(StandardCharsets.UTF_8), new Header[] {header});
    }

    private static ByteBuffer batch(CompressionType type, boolean transactional) {
        return Copies.batch(
                type,
                transactional,
                IntStream.range(0, RECORDS).mapToObj(MirrorBatchTest::record).toArray(SimpleRecord[]::new));
    }

    private static RecordSelection selection(Selection selection) {
        return RecordSelection.of(Copies.mirroring(selection), ByteBufAllocator.DEFAULT);
    }

    private static void isOfNobody(MutableRecordBatch batch) {
        assertThat(batch.producerId()).isEqualTo(RecordBatch.NO_PRODUCER_ID);
        assertThat(batch.producerEpoch()).isEqualTo(RecordBatch.NO_PRODUCER_EPOCH);
        assertThat(batch.baseSequence()).isEqualTo(RecordBatch.NO_SEQUENCE);
        assertThat(batch.isTransactional()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aWholeBatchStaysAsItIsButForItsProducer(CompressionType type) {
        ByteBuffer source = batch(type, true);
        MirrorBatch copy = copies.of(new Selection.All(), source, RECORDS);
        assertThat(copies.account.ledger().inFlight().records()).isEqualTo(RECORDS);
        assertThat(ProducedBatch.of(source)).isEqualTo(new ProducedBatch(true, false, RECORDS, true));

        assertThat(copy.prepare(null)).isTrue();

        MutableRecordBatch sent = Copies.read(copy.records());
        isOfNobody(sent);
        assertThat(sent.compressionType()).isEqualTo(type);
        assertThat(Utils.toArray(copy.records().slice(61, copy.sizeBytes() - 61)))
                .as("not a byte of a record is changed")
                .isEqualTo(Utils.toArray(source.slice(61, source.limit() - 61)));
        copy.mirrored();
        assertThat(copies.account.ledger().mirrored().records()).isEqualTo(RECORDS);
        assertThat(copies.memory.reservedBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aSelectedBatchIsNumberedAnew(CompressionType type) {
        MirrorBatch copy = copies.of(new Selection.Header("x-tenant", Set.of("acme")), batch(type, false), RECORDS);
        assertThat(copies.account.ledger()).as("nobody has looked yet").isEqualTo(MirrorLedger.EMPTY);

        assertThat(copy.prepare(selection(new Selection.Header("x-tenant", Set.of("acme")))))
                .isTrue();

        MutableRecordBatch sent = Copies.read(copy.records());
        isOfNobody(sent);
        assertThat(sent.compressionType()).isEqualTo(type);
        List<Record> records = Copies.records(sent);
        assertThat(records).hasSize(RECORDS / 4);
        assertThat(sent.lastOffset()).isEqualTo(RECORDS / 4 - 1);
        for (int i = 0; i < records.size(); i++) {
            SimpleRecord expected = record(4 * i);
            assertThat(records.get(i).offset()).isEqualTo(i);
            assertThat(records.get(i).key()).isEqualTo(expected.key());
            assertThat(records.get(i).value()).isEqualTo(expected.value());
            assertThat(records.get(i).timestamp()).isEqualTo(expected.timestamp());
            assertThat(records.get(i).headers()).isEqualTo(expected.headers());
        }
        assertThat(copies.account.ledger().inFlight()).isEqualTo(new Amount(RECORDS / 4, copy.sizeBytes()));
        copy.failed("no");
        assertThat(copies.account.ledger().failed().records()).isEqualTo(RECORDS / 4);
    }

    @Test
    void aShareTakesTheSameKeysFromEveryBatchAndRecordsWithoutKeysByTheirPlace() {
        Selection.Share share = new Selection.Share(3_000);
        List<String> taken = values(share);
        assertThat(values(share)).isEqualTo(taken);
        assertThat(taken).hasSizeBetween(RECORDS / 10, RECORDS / 2);
        for (int i = 0; i < RECORDS; i++) {
            if (i % 10 != 0) {
                assertThat(taken.contains("value-" + i)).isEqualTo(taken.contains("value-" + i % 50));
            }
        }
        assertThat(values(new Selection.Share(9_000)))
                .as("a higher share only adds")
                .containsAll(taken);
    }

    private List<String> values(Selection.Share share) {
        MirrorBatch copy = copies.of(share, batch(CompressionType.LZ4, false), RECORDS);
        assertThat(copy.prepare(selection(share))).isTrue();
        List<String> values = Copies.records(Copies.read(copy.records())).stream()
                .map(record -> Utils.utf8(record.value()))
                .toList();
        copy.mirrored();
        return values;
    }

    @Test
    void whereNothingIsSelectedNothingIsEligible() {
        Selection.Header nobody = new Selection.Header("x-tenant", Set.of("nobody"));
        MirrorBatch copy = copies.of(nobody, batch(CompressionType.ZSTD, false), RECORDS);
        assertThat(copy.prepare(selection(nobody))).isFalse();
        assertThat(copies.account.ledger()).isEqualTo(MirrorLedger.EMPTY);
        assertThat(copies.memory.reservedBytes()).isZero();
    }

    @Test
    void whatCannotBeReadFails() {
        Selection.Share share = new Selection.Share(1);
        ByteBuffer broken = batch(CompressionType.GZIP, false);
        broken.put(80, (byte) ~broken.get(80));
        MirrorBatch copy = copies.of(share, broken, RECORDS);
        assertThat(copy.prepare(selection(share))).isFalse();
        assertThat(copies.account.ledger().failed().records()).isEqualTo(RECORDS);
        assertThat(copies.account.lastError().words()).contains("records of orders cannot be selected");
    }

    @Test
    void aLedgerThatDoesNotAddUpCannotBeMade() {
        Amount one = new Amount(1, 1);
        assertThatThrownBy(() -> new MirrorLedger(one, Amount.NONE, Amount.NONE, Amount.NONE, Amount.NONE, one))
                .hasMessageContaining("lost count");
    }
}
