package dev.weir.topology.history;

import dev.weir.topology.state.v1.Slot;
import dev.weir.topology.state.v1.Slots;
import org.jspecify.annotations.Nullable;

/** A chunk that is still written: counts by slot, and their messages as long as they have not changed. Not thread-safe. */
public final class Chunk {
    private final Grid grid;
    private final long startMillis;
    private final @Nullable Counts[] counts;
    private final @Nullable Slot[] messages;

    public Chunk(Grid grid, long startMillis) {
        this.grid = grid;
        this.startMillis = startMillis;
        this.counts = new @Nullable Counts[grid.slots()];
        this.messages = new @Nullable Slot[grid.slots()];
    }

    public static Chunk of(Grid grid, Slots slots) {
        Chunk chunk = new Chunk(grid, slots.getStartMillis());
        slots.getSlotsList().forEach(slot -> {
            chunk.change(slot.getIndex()).add(slot);
            chunk.messages[slot.getIndex()] = slot;
        });
        return chunk;
    }

    public long startMillis() {
        return startMillis;
    }

    public long endMillis() {
        return startMillis + grid.chunkMillis();
    }

    /** The counts of the slot of a time in this chunk, to be changed. */
    public Counts at(long millis) {
        return change((int) ((millis - startMillis) / grid.stepMillis()));
    }

    private Counts change(int index) {
        Counts slot = counts[index];
        if (slot == null) {
            slot = new Counts();
            counts[index] = slot;
        }
        messages[index] = null;
        return slot;
    }

    /**
     * Puts what a finer chunk has in the place of what this one has of its time, so that it may be done again.
     *
     * @param finer lies within this one
     */
    public void replace(Chunk finer) {
        for (long at = finer.startMillis; at < finer.endMillis(); at += grid.stepMillis()) {
            int index = (int) ((at - startMillis) / grid.stepMillis());
            counts[index] = null;
            messages[index] = null;
        }
        for (int i = 0; i < finer.counts.length; i++) {
            Counts slot = finer.counts[i];
            if (slot != null) {
                at(finer.startMillis + (long) i * finer.grid.stepMillis()).add(slot);
            }
        }
    }

    public Slots toMessage() {
        Slots.Builder slots = Slots.newBuilder().setStartMillis(startMillis).setStepMillis(grid.stepMillis());
        for (int i = 0; i < counts.length; i++) {
            Counts slot = counts[i];
            if (slot != null) {
                Slot message = messages[i];
                if (message == null) {
                    message = slot.toSlot(i, grid == Grid.COARSE);
                    messages[i] = message;
                }
                slots.addSlots(message);
            }
        }
        return slots.build();
    }
}
