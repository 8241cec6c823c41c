package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mesh.origin.OriginSigner;
import dev.weir.mesh.origin.OriginVerifier;
import dev.weir.mesh.report.v1.Audit.ReadRefusal;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.Verification;
import dev.weir.proxy.TestPolicy;
import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.batch.BatchPatcher;
import dev.weir.proxy.batch.HeaderPatch;
import dev.weir.proxy.batch.RecordSigner;
import dev.weir.proxy.canary.ClusterCanaries;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.deadletter.DeadLetterStore;
import dev.weir.proxy.telemetry.ProxyMetrics;
import dev.weir.proxy.telemetry.Unverified;
import dev.weir.testkit.certs.Ed25519Keys;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.opentelemetry.api.metrics.MeterProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fields of all the kinds that brokers send, written and read by Kafka's own classes. */
class OriginCheckTest {
    private static final RuleRef RULE = new RuleRef("who", "who.yaml", 1, "test");
    private static final String CLUSTER = "c-1";
    private static final Uuid TOPIC_ID = Uuid.randomUuid();
    private static final KeyPair KEYS = Ed25519Keys.make();
    private static final OriginSigner SIGNER = new OriginSigner(KEYS.getPrivate());
    private static final OriginVerifier VERIFIER = new OriginVerifier(List.of(KEYS.getPublic()));

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ProxyMetrics metrics = new ProxyMetrics(MeterProvider.noop().get("weir"));
    private final DeadLetterStore deadLetters = new DeadLetterStore(
            new ClusterConfig("main", List.of(new Endpoint("127.0.0.1", 1)), null, null), topic -> true, () -> {});
    private final ClusterCanaries canaries =
            new ClusterCanaries(new ClusterConfig("main", List.of(new Endpoint("127.0.0.1", 1)), null, null));
    private final RuleScope scope = new RuleScope(
            allocator, BatchLimits.DEFAULT, () -> CLUSTER, deadLetters, canaries, metrics.listener("front"));

    @AfterEach
    void nothingIsLeftUnreleased() {
        deadLetters.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whatProvesNothingIsTakenOutOfABatchWithOthers(CompressionType type) {
        ByteBuffer genuine = signed(type, 0, record("a"), record("b"));
        // copied from there: one as it was, one with another value, one without a signature
        List<Record> copies = records(genuine);
        ByteBuffer around = unsigned(
                type,
                2,
                copied(copies.get(0), "a"),
                copied(copies.get(1), "changed"),
                record("c", new RecordHeader("WEIR-Principal", bytes("root")), new RecordHeader("other", bytes("x"))));
        ByteBuffer field = join(genuine, around, signed(type, 5, record("d")));

        List<Record> read = records(check(field, Verification.STRIP));

        assertThat(read).extracting(OriginCheckTest::value).containsExactly("a", "b", "a", "changed", "c", "d");
        assertThat(read).extracting(Record::offset).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(names(read.get(2))).containsExactly("weir-principal", "weir-signature");
        assertThat(names(read.get(3))).containsExactly("weir-unverified");
        assertThat(header(read.get(3))).isEqualTo("forged");
        assertThat(names(read.get(4))).containsExactly("other", "weir-unverified");
        assertThat(header(read.get(4))).isEqualTo("missing");
        assertThat(count(null)).isEqualTo(4);
        assertThat(count(Unverified.FORGED)).isEqualTo(1);
        assertThat(count(Unverified.MISSING)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Verification.class)
    void genuineRecordsMarkersAndWhatIsOnlyBegunComeThroughUntouched(Verification action) {
        ByteBuffer begun = unsigned(CompressionType.NONE, 7, record("never seen"));
        ByteBuffer field = join(
                signed(CompressionType.LZ4, 0, record("a")),
                MemoryRecords.withEndTransactionMarker(
                                1, 0L, 0, 9L, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0))
                        .buffer(),
                signed(CompressionType.NONE, 2, record("b")),
                begun.slice(0, begun.limit() - 1));
        assertThat(run(field, action, VERIFIER, false)).isNull();
        assertThat(run(join(begun.slice(0, 11)), action, VERIFIER, false)).isNull();
        assertThat(run(ByteBuffer.allocate(0), action, VERIFIER, false)).isNull();
        assertThat(count(null)).isEqualTo(2);
        assertThat(count(Unverified.MISSING)).isZero();
    }

    @Test
    void oldFormatsHaveNoHeadersThatAnybodyCouldTrust() {
        for (byte magic : new byte[] {0, 1}) {
            for (Compression compression :
                    List.of(Compression.NONE, Compression.gzip().build())) {
                ByteBuffer field = MemoryRecords.withRecords(magic, compression, record("old"))
                        .buffer();
                assertThat(run(field, Verification.STRIP, VERIFIER, false)).isNull();
                assertThatThrownBy(() -> run(field, Verification.REFUSE, VERIFIER, false))
                        .hasMessageContaining("signature old-format");
            }
        }
        assertThat(count(Unverified.OLD_FORMAT)).isEqualTo(8);
    }

    @Test
    void whatIsBeforeTheFirstThatIsRefusedGoesOn() {
        ByteBuffer good =
                join(signed(CompressionType.ZSTD, 0, record("a")), signed(CompressionType.NONE, 1, record("b")));
        ByteBuffer bad = unsigned(CompressionType.NONE, 2, record("c"), record("d"));
        ByteBuffer field = join(good, bad, signed(CompressionType.NONE, 4, record("e")));

        assertThat(check(field, Verification.REFUSE)).isEqualTo(good);
        assertThatThrownBy(() -> run(bad, Verification.REFUSE, VERIFIER, false))
                .isInstanceOfSatisfying(ReadRefusedException.class, refused -> {
                    assertThat(refused.error()).isEqualTo(Errors.CORRUPT_MESSAGE);
                    assertThat(refused.refusal().reason()).isEqualTo("signature missing");
                    assertThat(refused.refusal().refusal()).isEqualTo(ReadRefusal.SIGNATURE);
                    assertThat(refused.refusal().rule()).isEqualTo(RULE);
                })
                .hasMessage("its batch of offsets 2 to 3, record 2: signature missing");
        // a share group would take what is left out for a gap, and acknowledge it
        assertThatThrownBy(() -> run(field, Verification.REFUSE, VERIFIER, true))
                .hasMessageContaining("offsets 2 to 3");
        assertThat(run(field, Verification.OBSERVE, VERIFIER, false)).isNull();
    }

    @Test
    void whatCannotBeReadIsNotPassedOnAsIfItWereStripped() {
        ByteBuffer broken = unsigned(CompressionType.GZIP, 3, record("a"));
        broken.put(broken.limit() - 3, (byte) (broken.get(broken.limit() - 3) + 1));
        ByteBuffer nonsense = unsigned(CompressionType.NONE, 3, record("a"));
        nonsense.putInt(8, -5);
        for (ByteBuffer bad : List.of(broken, nonsense)) {
            ByteBuffer good = signed(CompressionType.NONE, 2, record("g"));
            assertThat(check(join(good, bad), Verification.STRIP)).isEqualTo(good);
            assertThatThrownBy(() -> run(bad, Verification.STRIP, VERIFIER, false))
                    .hasMessageContaining("signature unreadable");
            assertThat(run(bad, Verification.OBSERVE, VERIFIER, false)).isNull();
        }
    }

    @Test
    void whatBrokersStampIsVerifiedByTheProducersTime() {
        MutableRecordBatch batch = MemoryRecords.readableRecords(signed(CompressionType.NONE, 0, record("a")))
                .batches()
                .iterator()
                .next();
        batch.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, 1_800_000_000_000L);
        ByteBuffer stamped = ByteBuffer.allocate(batch.sizeInBytes());
        batch.writeTo(stamped);
        assertThat(run(stamped.flip(), Verification.REFUSE, VERIFIER, false)).isNull();

        // a log cleaner that leaves out records of a batch writes the broker's time where the producer's was
        ByteBuffer cleaned = MemoryRecords.withRecords(
                        (byte) 2,
                        0L,
                        Compression.NONE,
                        TimestampType.LOG_APPEND_TIME,
                        new SimpleRecord(
                                1_800_000_000_000L,
                                null,
                                bytes("a"),
                                records(stamped).get(0).headers()))
                .buffer();
        assertThat(header(records(check(cleaned, Verification.STRIP)).get(0))).isEqualTo("append-time");
    }

    @Test
    void aSecondPrincipalOrSignatureProvesNothing() {
        Record genuine = records(signed(CompressionType.NONE, 0, record("a"))).get(0);
        for (String name : List.of("weir-principal", "Weir-Principal", "weir-signature")) {
            List<Header> headers = new ArrayList<>(Arrays.asList(genuine.headers()));
            headers.add(0, new RecordHeader(name, bytes("root")));
            ByteBuffer field = unsigned(
                    CompressionType.NONE,
                    0,
                    new SimpleRecord(genuine.timestamp(), null, bytes("a"), headers.toArray(Header[]::new)));
            assertThat(header(records(check(field, Verification.STRIP)).get(0))).isEqualTo("forged");
        }
    }

    @Test
    void withoutKeysOrAPlaceNothingIsProved() {
        ByteBuffer field = signed(CompressionType.NONE, 0, record("a"));
        ByteBuf stripped = run(field, Verification.STRIP, null, false);
        assertThat(header(records(stripped.nioBuffer()).get(0))).isEqualTo("no-keys");
        stripped.release();
        OriginVerifier others = new OriginVerifier(List.of(Ed25519Keys.make().getPublic()));
        assertThatThrownBy(() -> run(field, Verification.REFUSE, others, false)).hasMessageContaining("unknown-key");
        RecordRead nowhere = new RecordRead(reader(), "orders", Uuid.ZERO_UUID, 0, false);
        assertThatThrownBy(() -> new OriginCheck(nowhere, RULE, field, Verification.REFUSE, VERIFIER, scope).run())
                .isInstanceOfSatisfying(
                        ReadRefusedException.class,
                        refused -> assertThat(refused.error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        RecordRead elsewhere = new RecordRead(reader(), "orders", TOPIC_ID, 1, false);
        assertThatThrownBy(() -> new OriginCheck(elsewhere, RULE, field, Verification.REFUSE, VERIFIER, scope).run())
                .hasMessageContaining("forged");
    }

    private ByteBuf run(ByteBuffer field, Verification action, OriginVerifier verifier, boolean shared) {
        byte[] before = Utils.toArray(field);
        RecordRead read = new RecordRead(reader(), "orders", TOPIC_ID, 0, shared);
        try {
            return new OriginCheck(read, RULE, field, action, verifier, scope).run();
        } finally {
            assertThat(Utils.toArray(field)).as("what came is not touched").isEqualTo(before);
        }
    }

    private ByteBuffer check(ByteBuffer field, Verification action) {
        ByteBuf changed = run(field, action, VERIFIER, false);
        assertThat(changed).isNotNull();
        ByteBuffer copy = ByteBuffer.allocate(changed.readableBytes());
        changed.readBytes(copy);
        changed.release();
        return copy.flip();
    }

    private long count(Unverified why) {
        return metrics.listener("front").verification().records("orders", why);
    }

    private static RecordRead.Reader reader() {
        return new RecordRead.Reader(TestPolicy.allowAll(), Canaries.EMPTY, Optional.empty(), "User:c", "", false);
    }

    private ByteBuffer signed(CompressionType type, long baseOffset, SimpleRecord... records) {
        UUID id = new UUID(TOPIC_ID.getMostSignificantBits(), TOPIC_ID.getLeastSignificantBits());
        HeaderPatch patch = new HeaderPatch("checkout", false, new RecordSigner(SIGNER, CLUSTER, id, 0, "checkout"));
        ByteBuf patched =
                new BatchPatcher(allocator, BatchLimits.DEFAULT).patch(unsigned(type, baseOffset, records), patch);
        ByteBuffer copy = ByteBuffer.allocate(patched.readableBytes());
        patched.readBytes(copy);
        patched.release();
        return copy.flip();
    }

    private static ByteBuffer unsigned(CompressionType type, long baseOffset, SimpleRecord... records) {
        return MemoryRecords.withRecords(baseOffset, Compression.of(type).build(), records)
                .buffer();
    }

    private static SimpleRecord record(String value, Header... headers) {
        return new SimpleRecord(1_700_000_000_000L, null, bytes(value), headers);
    }

    private static SimpleRecord copied(Record genuine, String value) {
        return new SimpleRecord(genuine.timestamp(), null, bytes(value), genuine.headers());
    }

    private static ByteBuffer join(ByteBuffer... parts) {
        ByteBuffer joined = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(ByteBuffer::remaining).sum());
        for (ByteBuffer part : parts) {
            joined.put(part.duplicate());
        }
        return joined.flip();
    }

    private static List<Record> records(ByteBuffer field) {
        List<Record> records = new ArrayList<>();
        MemoryRecords.readableRecords(field).batches().forEach(batch -> {
            batch.ensureValid();
            batch.forEach(records::add);
        });
        return records;
    }

    private static List<String> names(Record record) {
        return Arrays.stream(record.headers()).map(Header::key).toList();
    }

    private static String header(Record record) {
        Header[] headers = record.headers();
        Header last = headers[headers.length - 1];
        assertThat(last.key()).isEqualTo("weir-unverified");
        return new String(last.value(), StandardCharsets.UTF_8);
    }

    private static String value(Record record) {
        return Utils.utf8(record.value());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
