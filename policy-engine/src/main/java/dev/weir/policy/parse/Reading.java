package dev.weir.policy.parse;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Policy;

/** Whether any rule lets a Service read something, for documents that are of no use where none does. */
final class Reading {
    private Reading() {}

    /** Whether some of the names are read; everything is, in dry-run. Denies are not looked at. */
    static boolean isAllowed(Policy policy, String service, ResourceType type, NamePattern names) {
        return policy.mode() == Mode.DRY_RUN
                || policy.documents().stream()
                        .anyMatch(document -> document.rules().stream()
                                .filter(rule ->
                                        rule.effect() == Effect.ALLOW && policy.mode(document, rule) == Mode.ENFORCE)
                                .filter(rule -> rule.callers().include(service, Effect.ALLOW))
                                .flatMap(rule -> rule.grants().stream())
                                .filter(grant -> grant.type() == type
                                        && grant.operations().contains(Operation.READ))
                                .anyMatch(grant -> grant.pattern().covers(names) || names.covers(grant.pattern())));
    }
}
