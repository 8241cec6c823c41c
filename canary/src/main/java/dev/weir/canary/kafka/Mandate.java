package dev.weir.canary.kafka;

import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.rollout.Measuring;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a controller of canaries goes by, whom it asks and whom it tells. All of it is called on its thread.
 *
 * @param plans what is wanted now; asked often
 * @param measuring how the versions of canaries do
 * @param memberGrace how long a member may be in a canary's group before some proxy has told of it; empty where it does not matter whether members
 *     come through the mesh
 * @param told what of canaries and their rollouts this controller has written to the log
 */
public record Mandate(
        ChangeTimes times,
        Supplier<? extends Collection<CanaryPlan>> plans,
        Measuring measuring,
        Optional<Duration> memberGrace,
        Consumer<ChangeEvent> told) {}
