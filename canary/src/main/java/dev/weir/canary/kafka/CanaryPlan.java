package dev.weir.canary.kafka;

import dev.weir.canary.Handover;
import dev.weir.canary.Scope;
import dev.weir.canary.rollout.RolloutPlan;

/** What is wanted of a canary that has this name. */
public record CanaryPlan(String name, Scope scope, RolloutPlan rollout, Handover handover) {}
