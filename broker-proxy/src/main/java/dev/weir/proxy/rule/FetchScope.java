package dev.weir.proxy.rule;

import dev.weir.proxy.canary.ClusterCanaries;

/** What rules have at hand for one response with records, and what they say of it. One thread at a time. */
final class FetchScope {
    private final RuleScope rules;
    private boolean withheld;

    FetchScope(RuleScope rules) {
        this.rules = rules;
    }

    RuleScope rules() {
        return rules;
    }

    ClusterCanaries canaries() {
        return rules.canaries();
    }

    /** Begins anew: nothing is withheld. */
    void begin() {
        withheld = false;
    }

    /** Records were left out that the client will get, only not now: it is to ask again. */
    void withhold() {
        withheld = true;
    }

    boolean isWithheld() {
        return withheld;
    }
}
