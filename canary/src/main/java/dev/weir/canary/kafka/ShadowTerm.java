package dev.weir.canary.kafka;

import dev.weir.canary.Scope;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/**
 * Ends shadows that policy does not want any more. As long as somebody is in a shadow's group, it stays one, whatever policy says: what a client
 * writes that was a shadow a moment ago must not reach anybody else. Of the controller's thread.
 */
final class ShadowTerm {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Far less than a lease: nothing is served when the controller is silent for that long. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private static final String OCCUPIED = "clients of its shadow are still there; stop them";

    private final ChangeLog log;
    private final ClusterOffsets offsets;
    private final NoteTaker notes;
    private long lookedNanos = System.nanoTime() - EVERY_NANOS;

    /**
     * @param log as far as it is written, kept by the controller
     */
    ShadowTerm(ChangeLog log, ClusterOffsets offsets, NoteTaker notes) {
        this.log = log;
        this.offsets = offsets;
        this.notes = notes;
    }

    /** Whether a canary is a shadow still, and shall be something else. */
    boolean isOne(String canary, Scope wanted) {
        Scope now = log.of(canary).scope();
        return now != null && now.isShadow() && !wanted.isShadow();
    }

    /** What is to be written of shadows that are over; empty for nothing. */
    List<ChangeEvent> ended(Collection<CanaryPlan> wanted, long nowNanos) throws InterruptedException {
        if (nowNanos - lookedNanos < EVERY_NANOS || isHolding()) {
            return List.of();
        }
        lookedNanos = nowNanos;
        Set<String> shadows = wanted.stream()
                .filter(plan -> plan.scope().isShadow())
                .map(CanaryPlan::name)
                .collect(Collectors.toSet());
        List<ChangeEvent> ended = new ArrayList<>();
        for (Map.Entry<String, CanaryState> canary : log.canaries().entrySet()) {
            Scope scope = canary.getValue().scope();
            if (scope != null && scope.isShadow() && !shadows.contains(canary.getKey())) {
                if (isLeft(scope)) {
                    notes.solved(canary.getKey());
                    ended.add(new ChangeEvent.Drained(
                            canary.getKey(), canary.getValue().lastEpoch()));
                } else {
                    notes.problem(canary.getKey(), OCCUPIED);
                }
            }
        }
        return ended;
    }

    private boolean isLeft(Scope scope) throws InterruptedException {
        try {
            return offsets.isEmpty(scope.canaryGroup(), ANSWER);
        } catch (KafkaException e) { // nobody can say: it is asked again
            return false;
        }
    }

    /** Nothing else takes time while fetches are held back. */
    private boolean isHolding() {
        return log.canaries().values().stream().anyMatch(state -> state.pending() != null);
    }
}
