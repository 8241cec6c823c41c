package dev.weir.proxy.rule;

import dev.weir.proxy.batch.BatchBody;
import dev.weir.proxy.batch.BatchPatcher;
import dev.weir.proxy.batch.HeaderPatch;
import dev.weir.proxy.batch.RecordMarks;
import dev.weir.proxy.report.CheckedRecords;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
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
    private final boolean mayWait;
    private @Nullable CompletableFuture<Void> awaited;
    private int timeoutMillis;
    private @Nullable Quarantined quarantined;
    private @Nullable CheckedRecords checked;

    /**
     * Begins.
     *
     * @param field the records as the client sent them; its bytes stay as they are
     * @param mayWait whether there is time to wait for what is not known
     */
    RuledBatch(RecordWrite write, ByteBuffer field, RuleScope scope, boolean mayWait) {
        this.write = write;
        this.field = field;
        this.scope = scope;
        this.mayWait = mayWait;
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

    boolean mayWait() {
        return mayWait;
    }

    /** A rule cannot say anything before this is complete, or so much time is over: then all rules begin anew. */
    void await(CompletableFuture<Void> something, int millis) {
        awaited = something;
        timeoutMillis = millis;
    }

    /** What is waited for, or {@code null} for nothing. */
    @Nullable
    CompletableFuture<Void> awaited() {
        return awaited;
    }

    int timeoutMillis() {
        return timeoutMillis;
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
