package dev.weir.proxy.rule;

import dev.weir.policy.decide.SchemaGuard;
import dev.weir.proxy.batch.InvalidBatchException.InvalidRecord;
import dev.weir.proxy.batch.RecordMarks;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.deadletter.DeadLetterStore;
import dev.weir.proxy.deadletter.DeadLetters;
import dev.weir.proxy.telemetry.SchemaMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Puts the bad records of one batch aside, each as it came and with headers that say why it is not where it was meant to be.
 * They are copied only once there is room for all of them. One thread.
 */
final class Quarantine implements ViolationAction {
    static final String RULE = "weir-schema-rule";
    static final String TOPIC = "weir-origin-topic";
    static final String PARTITION = "weir-origin-partition";
    static final String SERVICE = "weir-origin-service";
    static final String PRINCIPAL = "weir-origin-principal";
    static final String CLIENT_ID = "weir-origin-client-id";
    static final String TIME = "weir-quarantined-at";

    /** What a letter takes besides its record: its headers, and objects. */
    private static final int LETTER_BYTES = 2_048;

    private final SchemaGuard guard;
    private final RuledBatch batch;
    private final String deadLetterTopic;
    private final List<InvalidRecord> told = new ArrayList<>(1);
    private final BitSet bad = new BitSet();
    private long bytes;

    Quarantine(SchemaGuard guard, RuledBatch batch) {
        this.guard = guard;
        this.batch = batch;
        this.deadLetterTopic = Objects.requireNonNull(guard.deadLetterTopic(), "the policy was checked");
    }

    @Override
    public void bad(int index, RecordReader record, SchemaCheck.Problem problem) {
        bad.set(index);
        bytes += record.sizeBytes() + LETTER_BYTES;
        if (told.size() < Rejection.RECORDS_TOLD_MAX) {
            told.add(new InvalidRecord(index, problem.text()));
        }
    }

    /** All records were looked at. */
    @Override
    public void end(SchemaCheck check) {
        if (bad.isEmpty()) {
            return;
        }
        int count = batch.body().count();
        boolean numbered = batch.body().hasProducerId();
        Verdict verdict = new Verdict(guard.rule(), deadLetterTopic, told, bad.cardinality(), count, numbered);
        DeadLetterStore store = batch.scope().deadLetters();
        if (!store.reserve(bytes)) {
            throw verdict.notNow("too many records wait for it");
        }
        boolean copied = false;
        try {
            batch.quarantined(new Quarantined(new DeadLetters(deadLetterTopic, letters(check), bytes), verdict));
            copied = true;
        } finally {
            if (!copied) {
                store.release(bytes);
            }
        }
        if (!numbered) {
            bad.stream().forEach(batch.marks()::takeOut);
        }
    }

    private List<ProducerRecord<byte[], byte[]>> letters(SchemaCheck check) {
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>(bad.cardinality());
        List<Header> origin = origin();
        new RecordReader().read(batch.body(), (index, record) -> {
            SchemaCheck.Problem problem = bad.get(index) ? check.problem(record) : null;
            if (problem != null) {
                letters.add(letter(record, problem, origin));
            }
        });
        return letters;
    }

    private ProducerRecord<byte[], byte[]> letter(
            RecordReader record, SchemaCheck.Problem problem, List<Header> origin) {
        List<Header> headers = record.headers();
        headers.add(header(RecordMarks.VIOLATION, SchemaMetrics.word(problem.reason()) + "; " + problem.text()));
        headers.addAll(origin);
        long timestampMillis = record.timestampMillis();
        return new ProducerRecord<>(
                deadLetterTopic,
                null,
                timestampMillis < 0 ? null : timestampMillis,
                record.key(),
                record.value(),
                headers);
    }

    private List<Header> origin() {
        RecordWrite write = batch.write();
        List<Header> origin = new ArrayList<>();
        origin.add(header(RULE, guard.rule().toString()));
        origin.add(header(TOPIC, write.topic()));
        origin.add(header(PARTITION, Integer.toString(write.partition())));
        write.writer().service().ifPresent(service -> origin.add(header(SERVICE, service)));
        origin.add(header(PRINCIPAL, write.writer().principal()));
        origin.add(header(CLIENT_ID, write.writer().clientId()));
        origin.add(header(TIME, Instant.now().toString()));
        return origin;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
