package dev.weir.canary.change;

import dev.weir.canary.EpochTable;
import dev.weir.canary.Ownership;
import dev.weir.canary.Side;
import dev.weir.canary.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The member of one side's group that has one partition. */
final class SimulatedConsumer {
    private static final int RECORDS_MAX = 25;

    private final World world;
    private final Side side;
    private final int partition;
    /** -1 as long as the side's group has not been begun. */
    private int position;

    private int toCommit;
    private int committed;
    private int life;
    /** Whether it commits no further than the last record that it was given, as some clients do. */
    private final boolean commitsDelivered;

    SimulatedConsumer(World world, Side side, int partition) {
        this.world = world;
        this.side = side;
        this.partition = partition;
        position = side == Side.STABLE ? 0 : -1;
        committed = position;
        toCommit = position;
        commitsDelivered = world.random.nextBoolean();
    }

    Side side() {
        return side;
    }

    int partition() {
        return partition;
    }

    int committed() {
        return committed;
    }

    /** What it had not committed it reads again. */
    void crash() {
        life++;
        position = committed;
        toCommit = committed;
        fetch();
    }

    /** Somebody deleted its group. */
    void forget() {
        committed = -1;
        crash();
    }

    void fetch() {
        int ofLife = life;
        world.after(world.delay(), () -> ask(ofLife));
    }

    private void ask(int ofLife) {
        if (ofLife != life) {
            return;
        }
        SimulatedProxy proxy = world.proxies.get(world.random.nextInt(world.proxies.size()));
        int proxyLife = proxy.life();
        @Nullable EpochTable early = proxy.serving();
        world.after(world.delay(), () -> {
            // here the broker answers
            int end = position < 0 ? 0 : Math.min(world.data.end(partition), position + RECORDS_MAX);
            world.after(world.delay(), () -> {
                // here the answer is at the proxy
                proxy.served(partition);
                if (ofLife != life || proxyLife != proxy.life()) {
                    retry(ofLife);
                    return;
                }
                @Nullable
                EpochTable table = world.sabotage.contains(World.Sabotage.EARLY_QUESTION) ? early : proxy.serving();
                if (position < 0) {
                    begin(proxy.state());
                } else if (table == null) {
                    retry(ofLife);
                } else {
                    filter(ofLife, table.of(DataLog.ref(partition)), end);
                }
            });
        });
    }

    private void retry(int ofLife) {
        if (ofLife == life) {
            fetch();
        }
    }

    /** No member comes to a group that has no beginning yet. */
    private void begin(@Nullable CanaryState state) {
        if (state != null && state.isSeeded()) {
            position = (int) state.seed(DataLog.ref(partition));
            committed = position;
            toCommit = position;
        }
        fetch();
    }

    private void filter(int ofLife, Ownership ownership, int end) {
        List<Integer> mine = new ArrayList<>();
        int upTo = position;
        for (; upTo < end; upTo++) {
            Verdict verdict = ownership.verdict(side, upTo, world.data.at(partition, upTo).bucket);
            if (verdict == Verdict.WAIT) {
                break;
            }
            if (verdict == Verdict.MINE) {
                mine.add(upTo);
            }
        }
        int next = upTo;
        world.after(world.delay(), () -> {
            // here it is at the consumer
            if (ofLife != life) {
                return;
            }
            mine.forEach(offset -> world.data.processed(side, partition, offset));
            position = next;
            if (!commitsDelivered) {
                toCommit = position;
            } else if (!mine.isEmpty()) {
                toCommit = mine.get(mine.size() - 1) + 1;
            }
            if (world.random.nextInt(3) > 0) {
                committed = toCommit;
            }
            fetch();
        });
    }
}
