package dev.weir.proxy.batch;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What is to become of single records of one batch, by their index in it, from 0: which get a header that says what is wrong
 * with them, and which are taken out. Bounded, however many records are marked. One thread.
 */
public final class RecordMarks {
    /** The header of a record that is not what its schema says. */
    public static final String VIOLATION = "weir-schema-violation";

    /** Beyond it, headers say the kind of violation only, and all of one kind share their bytes. */
    private static final int TEXT_BYTES_MAX = 1 << 20;

    private static final byte[] NONE = {};

    private final Map<Integer, byte[]> headers = new HashMap<>();
    private final Map<String, byte[]> brief = new HashMap<>();
    private final BitSet takenOut = new BitSet();
    private int textBytes;
    private boolean cleans;

    /**
     * The record goes on, with a header.
     *
     * @param kind of violation, from a small closed set
     * @param text what is wrong with it
     */
    public void tag(int index, String kind, String text) {
        cleans = true;
        if (textBytes >= TEXT_BYTES_MAX) {
            headers.put(index, brief.computeIfAbsent(kind, RecordMarks::header));
            return;
        }
        byte[] header = header(kind + "; " + text);
        textBytes += header.length;
        headers.put(index, header);
    }

    /** Headers of clients with the name of Weir's own are removed. */
    public void clean() {
        cleans = true;
    }

    /** The record does not go on. */
    public void takeOut(int index) {
        takenOut.set(index);
    }

    /** Whether the batch has to be changed for them. */
    public boolean any() {
        return cleans || !takenOut.isEmpty();
    }

    /** How many records do not go on. */
    public int takenOut() {
        return takenOut.cardinality();
    }

    boolean isTakenOut(int index) {
        return takenOut.get(index);
    }

    boolean cleans() {
        return cleans;
    }

    /** The whole header of a record, encoded; empty for none. */
    byte[] header(int index) {
        return headers.isEmpty() ? NONE : headers.getOrDefault(index, NONE);
    }

    private static byte[] header(String value) {
        return RecordPatch.header(VIOLATION, value.getBytes(StandardCharsets.UTF_8));
    }
}
