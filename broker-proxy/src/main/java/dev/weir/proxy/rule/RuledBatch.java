package dev.weir.proxy.rule;

import dev.weir.proxy.batch.BatchBody;
import dev.weir.proxy.batch.BatchPatcher;
import dev.weir.proxy.batch.HeaderPatch;
import dev.weir.proxy.batch.RecordMarks;
import dev.weir.proxy.report.CheckedRecords;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One partition's records on their way through the rules: opened once for all of them, and written anew at most once. What
 * rules want of single records they mark, and the rule that writes does it; where none does, {@link #finish} does. One thread.
 */
final class RuledBatch implements AutoCloseable {
    private final RecordWrite write;
    private final RuleScope scope;
    private final ByteBuffer field;
    private final RecordMarks marks = new RecordMarks();
    private @Nullable BatchBody body;
    private @Nullable ByteBuf patched;
    private @Nullable Quarantined quarantined;
    private @Nullable CheckedRecords checked;

    /** @param field the records as the client sent them; its bytes stay as they are */
    RuledBatch(RecordWrite write, ByteBuffer field, RuleScope scope) {
        this.write = write;
        this.field = field;
        this.scope = scope;
    }

    RecordWrite write() {
        return write;
    }

    RuleScope scope() {
        return scope;
    }

    RecordMarks marks() {
        return marks;
    }

    /** The batch, decompressed. */
    BatchBody body() {
        BatchBody open = body;
        if (open == null) {
            open = BatchBody.open(field, scope.allocator(), scope.limits());
            body = open;
        }
        return open;
    }

    /** Whether no record is left that goes on. */
    boolean isEmptied() {
        return marks.takenOut() > 0 && marks.takenOut() == body().count();
    }

    /** Its records were held against a schema. */
    void checked(CheckedRecords outcome) {
        checked = outcome;
    }

    /** What that was like, or {@code null} where they were not. */
    @Nullable
    CheckedRecords checked() {
        return checked;
    }

    /** Bad records are to be kept elsewhere. */
    void quarantined(Quarantined bad) {
        quarantined = bad;
    }

    /** What is to be kept elsewhere, the caller's now, or {@code null}. */
    @Nullable
    Quarantined takeQuarantined() {
        Quarantined taken = quarantined;
        quarantined = null;
        return taken;
    }

    /** A rule has written the records anew, with all that was marked. */
    void patched(ByteBuf records) {
        patched = records;
    }

    /** The last rule is through. */
    void finish() {
        if (patched == null && marks.any() && !isEmptied()) {
            patched = new BatchPatcher(scope.allocator(), scope.limits()).patch(body(), HeaderPatch.of(marks));
        }
    }

    /** The records field to send, the caller's now; {@code null} for the one that came. */
    @Nullable
    ByteBuf takePatched() {
        ByteBuf taken = patched;
        patched = null;
        return taken;
    }

    @Override
    public void close() {
        if (body != null) {
            body.close();
        }
        if (patched != null) {
            patched.release();
        }
        if (quarantined != null) {
            scope.deadLetters().release(quarantined.letters());
        }
    }
}
