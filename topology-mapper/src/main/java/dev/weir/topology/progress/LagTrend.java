package dev.weir.topology.progress;

import dev.weir.topology.state.v1.LagTrendState;
import java.util.Arrays;

/**
 * Least and greatest time lag in each twelfth of a window. Lag that is committed in steps goes up and down; it grows
 * when its least value in the newest third of the window is above its greatest in the oldest third.
 */
final class LagTrend {
    private static final int SLOTS = 12;
    private static final int KNOWN_MIN = 2;

    private final long slotMillis;
    private final long[] least = new long[SLOTS];
    private final long[] most = new long[SLOTS];
    private long newest;

    LagTrend(long windowMillis) {
        this.slotMillis = windowMillis / SLOTS;
        Arrays.fill(least, -1);
        Arrays.fill(most, -1);
    }

    void sample(long nowMillis, long lagMillis) {
        move(nowMillis);
        int slot = (int) (nowMillis / slotMillis % SLOTS);
        least[slot] = least[slot] < 0 ? lagMillis : Math.min(least[slot], lagMillis);
        most[slot] = Math.max(most[slot], lagMillis);
    }

    boolean grows(long nowMillis) {
        move(nowMillis);
        long newerLeast = Long.MAX_VALUE;
        long olderMost = -1;
        int newer = 0;
        int older = 0;
        for (int back = 0; back < SLOTS; back++) {
            int slot = (int) Math.floorMod(newest - back, (long) SLOTS);
            if (least[slot] < 0) {
                continue;
            }
            if (back < SLOTS / 3) {
                newer++;
                newerLeast = Math.min(newerLeast, least[slot]);
            } else if (back >= SLOTS - SLOTS / 3) {
                older++;
                olderMost = Math.max(olderMost, most[slot]);
            }
        }
        return newer >= KNOWN_MIN && older >= KNOWN_MIN && newerLeast > olderMost;
    }

    private void move(long nowMillis) {
        long slot = nowMillis / slotMillis;
        for (long i = Math.max(newest + 1, slot - SLOTS + 1); i <= slot; i++) {
            least[(int) (i % SLOTS)] = -1;
            most[(int) (i % SLOTS)] = -1;
        }
        newest = Math.max(newest, slot);
    }

    LagTrendState state() {
        LagTrendState.Builder state = LagTrendState.newBuilder().setNewest(newest);
        for (int i = 0; i < SLOTS; i++) {
            state.addLeastMillis(least[i]).addMostMillis(most[i]);
        }
        return state.build();
    }

    void restore(LagTrendState state) {
        newest = state.getNewest();
        for (int i = 0; i < Math.min(SLOTS, state.getLeastMillisCount()); i++) {
            least[i] = state.getLeastMillis(i);
            most[i] = state.getMostMillis(i);
        }
    }
}
