package dev.weir.topology.history;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.topology.state.v1.Slot;
import dev.weir.topology.state.v1.Slots;
import java.util.Arrays;

/**
 * Chunks of one edge in order of time, as the bytes that they came in; decoded when they are asked for. A chunk of an
 * hour takes about a kilobyte where something happens in each minute. Not thread-safe for writing.
 */
public final class ChunkSeries {
    private static final byte[][] NONE = {};

    private final Grid grid;
    private long[] starts = {};
    private byte[][] chunks = NONE;

    public ChunkSeries(Grid grid) {
        this.grid = grid;
    }

    public void put(long startMillis, byte[] slots) {
        int at = Arrays.binarySearch(starts, startMillis);
        if (at < 0) {
            at = -at - 1;
            long[] moreStarts = Arrays.copyOf(starts, starts.length + 1);
            byte[][] moreChunks = Arrays.copyOf(chunks, chunks.length + 1);
            System.arraycopy(starts, at, moreStarts, at + 1, starts.length - at);
            System.arraycopy(chunks, at, moreChunks, at + 1, chunks.length - at);
            starts = moreStarts;
            chunks = moreChunks;
        }
        starts[at] = startMillis;
        chunks[at] = slots;
    }

    public void remove(long startMillis) {
        int at = Arrays.binarySearch(starts, startMillis);
        if (at >= 0) {
            keep(at, at + 1);
        }
    }

    /** Forgets chunks that end before. */
    public void dropBefore(long millis) {
        int gone = 0;
        while (gone < starts.length && starts[gone] + grid.chunkMillis() <= millis) {
            gone++;
        }
        if (gone > 0) {
            keep(0, gone);
        }
    }

    private void keep(int from, int to) {
        int left = starts.length - (to - from);
        long[] fewerStarts = Arrays.copyOf(starts, left);
        byte[][] fewerChunks = Arrays.copyOf(chunks, left);
        System.arraycopy(starts, to, fewerStarts, from, starts.length - to);
        System.arraycopy(chunks, to, fewerChunks, from, chunks.length - to);
        starts = fewerStarts;
        chunks = fewerChunks;
    }

    public boolean isEmpty() {
        return starts.length == 0;
    }

    /** Adds up the slots that begin in [from, to). */
    public void sum(long fromMillis, long toMillis, Counts into) {
        for (int i = starts.length - 1; i >= 0 && starts[i] + grid.chunkMillis() > fromMillis; i--) {
            if (starts[i] >= toMillis) {
                continue;
            }
            for (Slot slot : decode(chunks[i]).getSlotsList()) {
                long at = starts[i] + (long) slot.getIndex() * grid.stepMillis();
                if (at >= fromMillis && at < toMillis) {
                    into.add(slot);
                }
            }
        }
    }

    private static Slots decode(byte[] slots) {
        try {
            return Slots.parseFrom(slots);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("slots that were written by this program", e);
        }
    }
}
