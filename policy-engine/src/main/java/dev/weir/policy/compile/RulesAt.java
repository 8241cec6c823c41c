package dev.weir.policy.compile;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules at one literal or one prefix. Of rules that need no check the first is enough, as they all say the same;
 * the others stand beside it. Filled by one thread, then only read.
 */
final class RulesAt {
    private @Nullable CompiledRule allow;
    private @Nullable CompiledRule deny;
    private List<CompiledRule> allowsIf = List.of();
    private List<CompiledRule> deniesIf = List.of();

    void add(CompiledRule rule) {
        if (!rule.isUnconditional()) {
            if (rule.isDeny()) {
                deniesIf = with(deniesIf, rule);
            } else {
                allowsIf = with(allowsIf, rule);
            }
        } else if (rule.isDeny()) {
            deny = deny == null ? rule : deny;
        } else {
            allow = allow == null ? rule : allow;
        }
    }

    @Nullable
    CompiledRule deny(Caller caller) {
        return deny != null ? deny : first(deniesIf, caller);
    }

    @Nullable
    CompiledRule allow(Caller caller) {
        return allow != null ? allow : first(allowsIf, caller);
    }

    private static @Nullable CompiledRule first(List<CompiledRule> rules, Caller caller) {
        for (int i = 0; i < rules.size(); i++) {
            CompiledRule rule = rules.get(i);
            if (rule.applies(caller)) {
                return rule;
            }
        }
        return null;
    }

    private static List<CompiledRule> with(List<CompiledRule> rules, CompiledRule rule) {
        List<CompiledRule> more = rules.isEmpty() ? new ArrayList<>(1) : rules;
        more.add(rule);
        return more;
    }
}
