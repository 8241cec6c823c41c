package dev.weir.policy.compile;

import dev.weir.policy.decide.Propagation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.model.IdentityPropagation;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Policy;
import java.util.HashMap;
import java.util.Map;

/** Compiles the documents about identity propagation to a lookup by topic. */
final class Propagations {
    private Propagations() {}

    static TopicTable<Propagation> compile(Policy policy, String revision) {
        Map<String, Propagation> literals = new HashMap<>();
        Map<String, Propagation> prefixes = new HashMap<>();
        for (IdentityPropagation document : policy.propagations()) {
            Propagation compiled = new Propagation(
                    new RuleRef(
                            document.name(), document.at().file(), document.at().line(), revision),
                    document.mode().orElse(policy.mode()) == Mode.ENFORCE,
                    document.principal(),
                    document.trace() == IdentityPropagation.Trace.ENSURE,
                    document.signature(),
                    document.verify());
            for (NamePattern topic : document.topics()) {
                (topic.prefix() ? prefixes : literals).put(topic.text(), compiled);
            }
        }
        return TopicTable.of(literals, prefixes);
    }
}
