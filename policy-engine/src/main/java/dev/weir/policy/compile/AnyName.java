package dev.weir.policy.compile;

import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.NamePattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether some name exists on which an operation is allowed, as Kafka reckons it (KIP-679): a deny of everything
 * settles it; an allow of everything is next; any other allow counts unless a deny dominates it, that is, unless it
 * names the same literal or a prefix of it. Implied operations do not count.
 */
final class AnyName {
    private final Caller caller;
    private final ResourceType type;
    private final Operation operation;
    private final List<RuleIndex.Written> allows = new ArrayList<>();
    private final Set<NamePattern> denied = new HashSet<>();
    private @Nullable Decision deniedEverything;
    private @Nullable Decision lastDeny;

    AnyName(Caller caller, ResourceType type, Operation operation) {
        this.caller = caller;
        this.type = type;
        this.operation = operation;
    }

    AnyName add(RuleIndex rules) {
        for (RuleIndex.Written written : rules.written()) {
            NamePattern pattern = written.grant().pattern();
            CompiledRule rule = written.rule();
            if (written.grant().type() != type
                    || !written.grant().operations().contains(operation)
                    || !rule.applies(caller)) {
                continue;
            }
            if (!rule.isDeny()) {
                allows.add(written);
                continue;
            }
            lastDeny = rule.decision();
            if (pattern.isEverything()) {
                deniedEverything = rule.decision();
            } else {
                denied.add(pattern);
            }
        }
        return this;
    }

    /** The deny of the rules that was added last, or null if there is none. */
    @Nullable
    Decision lastDeny() {
        return lastDeny;
    }

    /** An allow that counts, a deny of everything, or null if no rule settles it. */
    @Nullable
    Decision decision() {
        if (deniedEverything != null) {
            return deniedEverything;
        }
        for (RuleIndex.Written allow : allows) {
            if (allow.grant().pattern().isEverything()) {
                return allow.rule().decision();
            }
        }
        for (RuleIndex.Written allow : allows) {
            if (!isDominated(allow.grant().pattern())) {
                return allow.rule().decision();
            }
        }
        return null;
    }

    private boolean isDominated(NamePattern allow) {
        if (denied.isEmpty()) {
            return false;
        }
        if (!allow.prefix() && denied.contains(allow)) {
            return true;
        }
        for (int length = 1; length <= allow.text().length(); length++) {
            if (denied.contains(new NamePattern(allow.text().substring(0, length), true))) {
                return true;
            }
        }
        return false;
    }
}
