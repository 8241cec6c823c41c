package dev.weir.proxy.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes from records that could not be verified all that says who wrote them, and says why in {@value #HEADER}. For one batch;
 * the others of its records stay as they are.
 */
public final class UnverifiedPatch extends RecordPatch {
    /** The header that says why a record proves nothing. */
    public static final String HEADER = "weir-unverified";

    private static final byte[] NONE = {};
    /** By the record's index, the header that it gets; empty for none. */
    private final byte[][] headers;

    /**
     * Makes one.
     *
     * @param reasons by the index of a record in the batch, ASCII; {@code null} for one that stays
     */
    public UnverifiedPatch(@Nullable String[] reasons) {
        this.headers = Arrays.stream(reasons)
                .map(reason -> reason == null ? NONE : header(HEADER, ascii(reason)))
                .toArray(byte[][]::new);
    }

    @Override
    void plan(ByteBuffer in, RecordView record, int index, Plan plan) {
        plan.removed = 0;
        plan.removedBytes = 0;
        byte[] header = headers[index];
        plan.added = header.length > 0 ? 1 : 0;
        plan.addedBytes = header.length;
        plan.violation = header;
        for (int i = 0; i < record.headerCount; i++) {
            record.readHeader(in);
        }
        record.checkEnd();
        planRemovals(in, record, plan);
    }

    @Override
    boolean removes(ByteBuffer in, RecordView record, Plan plan) {
        return plan.added > 0 && isReserved(in, record);
    }

    @Override
    void write(ByteBuffer in, RecordView record, Plan plan, ByteBuffer out) {
        out.put(plan.violation);
    }
}
