package dev.weir.canary.kafka;

import dev.weir.canary.Handover;
import dev.weir.canary.Scope;
import dev.weir.canary.Weight;

/** What is wanted of a canary that has this name. */
public record CanaryPlan(String name, Scope scope, Weight weight, Handover handover) {}
