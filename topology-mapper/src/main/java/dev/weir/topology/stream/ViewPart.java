package dev.weir.topology.stream;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one feature keeps in memory of {@link StateTopic}. Called by the thread of {@link ViewTable} under its write lock;
 * whoever answers questions reads under {@link ViewTable#read}.
 */
public interface ViewPart {

    /** Nobody else has them. */
    Set<RecordKind> kinds();

    /**
     * Takes a record. The latest of a key counts; the same may come twice.
     *
     * @param key whole, with the byte of its kind
     * @param value null when the record was removed
     */
    void accept(RecordKind kind, byte[] key, byte @Nullable [] value);

    /** Once a second: what is too old is forgotten here. */
    void tick(long nowMillis);
}
