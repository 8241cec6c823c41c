package dev.weir.policy.compile;

import dev.weir.policy.model.NamePattern;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules on one operation on one type of resource, by name. Filled by one thread, then only read. */
final class NameIndex {
    /** No rules. */
    static final NameIndex EMPTY = new NameIndex();

    private final Map<String, RulesAt> literals = new HashMap<>();
    private PrefixNode building = new PrefixNode("");
    private PrefixTrie prefixes = PrefixTrie.EMPTY;

    void add(NamePattern pattern, CompiledRule rule) {
        RulesAt rules = pattern.prefix()
                ? building.rulesAt(pattern.text())
                : literals.computeIfAbsent(pattern.text(), name -> new RulesAt());
        rules.add(rule);
    }

    /** Called once, after the last rule and before the first question. */
    void finish() {
        prefixes = new PrefixTrie(building);
        building = new PrefixNode("");
    }

    /** The most specific deny that matches the name, else the most specific allow, else nothing. */
    @Nullable
    CompiledRule find(String name, Caller caller, Allows allows) {
        CompiledRule allow = null;
        RulesAt literal = literals.get(name);
        if (literal != null) {
            CompiledRule deny = literal.deny(caller);
            if (deny != null) {
                return deny;
            }
            allow = allows.literals ? literal.allow(caller) : null;
        }
        CompiledRule byPrefix = prefixes.find(name, caller, allows);
        return byPrefix != null && (allow == null || byPrefix.isDeny()) ? byPrefix : allow;
    }

    /** Which allows count. Denies always do. */
    enum Allows {
        ALL(true, true),
        /** For Kafka's internal topics, which no pattern may open. */
        LITERALS(true, false),
        /** For a caller that is no Service. */
        NONE(false, false);

        private final boolean literals;
        private final boolean prefixes;

        Allows(boolean literals, boolean prefixes) {
            this.literals = literals;
            this.prefixes = prefixes;
        }

        boolean prefixes() {
            return prefixes;
        }
    }
}
