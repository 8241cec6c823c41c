package dev.weir.proxy.batch;

import dev.weir.mesh.origin.OriginSignature;
import dev.weir.proxy.trace.TraceParent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tells in each record who wrote it, and what is wrong with it. Headers of clients with a reserved name are removed, where their
 * writer is told, and otherwise the one with the name that is written; so are trace contexts beyond the first good one. Any thread,
 * if no records are marked.
 */
public final class HeaderPatch extends RecordPatch {
    /** The header that names who wrote the record. */
    public static final String PRINCIPAL = "weir-principal";

    private static final byte[] VIOLATION = ascii(RecordMarks.VIOLATION);
    private static final byte[] TRACE_PARENT = ascii(TraceParent.HEADER);
    private static final byte[] TRACE_STATE = ascii("tracestate");
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] NONE = {};

    private final byte[] principal;
    private final byte[] traceHeader;
    private final byte[] signature;
    private final @Nullable RecordSigner signer;
    private final boolean ownsReserved;
    private final @Nullable RecordMarks marks;

    /**
     * Makes one.
     *
     * @param principal who wrote the records, or {@code null} to say nothing of that
     * @param traceparent whether each record is to have exactly one good trace context; else they stay as they are
     */
    public HeaderPatch(@Nullable String principal, boolean traceparent) {
        this(principal, traceparent, null);
    }

    /** As {@link #HeaderPatch(String, boolean)}, and signs each record; {@code null} for not. */
    public HeaderPatch(@Nullable String principal, boolean traceparent, @Nullable RecordSigner signer) {
        this(principal, traceparent, signer, true, null);
    }

    private HeaderPatch(
            @Nullable String principal,
            boolean traceparent,
            @Nullable RecordSigner signer,
            boolean ownsReserved,
            @Nullable RecordMarks marks) {
        this.ownsReserved = ownsReserved;
        this.marks = marks;
        this.principal =
                principal == null ? new byte[0] : header(PRINCIPAL, principal.getBytes(StandardCharsets.UTF_8));
        // the value is different in each record, but not its size
        this.signer = signer;
        this.signature = signer == null ? new byte[0] : header(OriginSignature.HEADER, new byte[OriginSignature.BYTES]);
        this.traceHeader = traceparent ? header(TraceParent.HEADER, new byte[TraceParent.LENGTH]) : new byte[0];
    }

    /**
     * As {@link #HeaderPatch(String, boolean, RecordSigner)}, and does what is marked, in the same go.
     *
     * @param marks of the one batch that this is for
     */
    public static HeaderPatch of(
            @Nullable String principal, boolean traceparent, @Nullable RecordSigner signer, RecordMarks marks) {
        return new HeaderPatch(principal, traceparent, signer, true, marks);
    }

    /** Does what is marked, and nothing else. */
    public static HeaderPatch of(RecordMarks marks) {
        return new HeaderPatch(null, false, null, false, marks);
    }

    @Override
    boolean takesOut(int index) {
        return marks != null && marks.isTakenOut(index);
    }

    @Override
    boolean takesOut() {
        return marks != null && marks.takenOut() > 0;
    }

    @Override
    void plan(ByteBuffer in, RecordView record, int index, Plan plan) {
        plan.traceAt = -1;
        plan.removed = 0;
        plan.removedBytes = 0;
        boolean traced = traceHeader.length > 0;
        for (int i = 0; i < record.headerCount; i++) {
            record.readHeader(in);
            if (traced && plan.traceAt < 0 && isTraceParent(in, record)) {
                plan.traceAt = record.headerAt;
            }
        }
        record.checkEnd();
        plan.addsTrace = traced && plan.traceAt < 0;
        plan.violation = marks == null ? NONE : marks.header(index);
        plan.added = (principal.length > 0 ? 1 : 0)
                + (plan.addsTrace ? 1 : 0)
                + (signer == null ? 0 : 1)
                + (plan.violation.length > 0 ? 1 : 0);
        plan.addedBytes =
                principal.length + (plan.addsTrace ? traceHeader.length : 0) + signature.length + plan.violation.length;
        planRemovals(in, record, plan);
    }

    @Override
    boolean removes(ByteBuffer in, RecordView record, Plan plan) {
        if (ownsReserved ? isReserved(in, record) : marks != null && marks.cleans() && isViolation(in, record)) {
            return true;
        }
        if (traceHeader.length == 0) {
            return false;
        }
        if (isNamed(in, record, TRACE_PARENT)) {
            return record.headerAt != plan.traceAt;
        }
        // a state is worth nothing without the context that it belongs to
        return plan.traceAt < 0 && isNamed(in, record, TRACE_STATE);
    }

    @Override
    void write(ByteBuffer in, RecordView record, Plan plan, ByteBuffer out) {
        out.put(principal).put(plan.violation);
        if (signer != null) {
            out.put(signature, 0, signature.length - OriginSignature.BYTES).put(signer.sign(in, record));
        }
        if (plan.addsTrace) {
            int valueAt = out.position() + traceHeader.length - TraceParent.LENGTH;
            out.put(traceHeader);
            ThreadLocalRandom random = ThreadLocalRandom.current();
            out.put(valueAt, (byte) '0').put(valueAt + 1, (byte) '0').put(valueAt + 2, (byte) '-');
            hex(out, valueAt + 3, random.nextLong());
            hex(out, valueAt + 19, random.nextLong() | 1);
            out.put(valueAt + 35, (byte) '-');
            hex(out, valueAt + 36, random.nextLong() | 1);
            // not sampled: nobody has recorded the beginning of this trace
            out.put(valueAt + 52, (byte) '-').put(valueAt + 53, (byte) '0').put(valueAt + 54, (byte) '0');
        }
    }

    private static boolean isTraceParent(ByteBuffer in, RecordView record) {
        return isNamed(in, record, TRACE_PARENT)
                && TraceParent.isValid(in, record.headerValueAt, record.headerValueBytes);
    }

    static boolean isViolation(ByteBuffer in, RecordView record) {
        return isSpelled(in, record, VIOLATION);
    }

    private static void hex(ByteBuffer out, int at, long value) {
        for (int i = 0; i < 16; i++) {
            out.put(at + i, HEX[(int) (value >>> (60 - 4 * i)) & 0xF]);
        }
    }
}
