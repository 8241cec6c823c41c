package dev.weir.canary.change;

import dev.weir.canary.EpochTable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A proxy: reads the log when it gets to it, has a clock that goes a little wrong, and may stop or start again. */
final class SimulatedProxy {
    private final World world;
    private final double clockRate;
    private ProxyMember member;
    private int read;
    private long stalledUntil;
    private int life;
    private int partitions;

    SimulatedProxy(World world) {
        this.world = world;
        // less, over a lease, than the margin allows
        double drift = 0.9 * World.TIMES.marginNanos() / (World.TIMES.leaseNanos() + World.TIMES.marginNanos());
        clockRate = 1 - drift * world.random.nextDouble();
        member = new ProxyMember(world.newProxyName(), World.TIMES);
    }

    void start() {
        read(life);
        beat(life);
    }

    /** Ends, and is there again at once, knowing nothing. */
    void crash() {
        life++;
        partitions = 0;
        member = new ProxyMember(world.newProxyName(), World.TIMES);
        read = 0;
        start();
    }

    /** Ends in an orderly way, and is there again at once. */
    void leave() {
        if (world.sabotage.contains(World.Sabotage.EARLY_GOODBYE)) {
            Beat last = member.beat(clock(), this::partitions);
            world.send(new Beat(last.proxy(), last.sequence(), last.holding(), last.partitions(), true));
            return;
        }
        world.send(member.leave(this::partitions));
        crash();
    }

    /** Hears nothing and says nothing for a while; what it had let through goes on. */
    void stall(long nanos) {
        stalledUntil = world.now() + nanos;
    }

    @Nullable
    EpochTable serving() {
        return member.serving(World.CANARY, clock());
    }

    /** What it knows of the canary, or {@code null}. */
    @Nullable
    CanaryState state() {
        return member.state(World.CANARY, clock());
    }

    /** It is about to serve a partition. */
    void served(int partition) {
        if (!world.sabotage.contains(World.Sabotage.UNTOLD_PARTITIONS)) {
            partitions = Math.max(partitions, partition + 1);
        }
    }

    private Map<String, Integer> partitions() {
        return Map.of(DataLog.TOPIC, partitions);
    }

    /** One that cannot be mistaken for this proxy after a crash. */
    int life() {
        return life;
    }

    private long clock() {
        return (long) (world.now() * clockRate);
    }

    private void read(int ofLife) {
        if (ofLife != life) {
            return;
        }
        if (world.now() >= stalledUntil) {
            int upTo = Math.min(world.log.size(), read + 1 + world.random.nextInt(8));
            boolean beat = false;
            for (; read < upTo; read++) {
                beat |= member.apply(world.log.get(read));
            }
            if (member.isEvicted()) {
                crash();
                return;
            }
            if (beat) {
                world.send(member.beat(clock(), this::partitions));
            }
        }
        world.after(world.delay(), () -> read(ofLife));
    }

    private void beat(int ofLife) {
        if (ofLife != life) {
            return;
        }
        if (world.now() >= stalledUntil) {
            world.send(member.beat(clock(), this::partitions));
        }
        world.after(World.TIMES.beatNanos() + world.delay(), () -> beat(ofLife));
    }
}
