package dev.weir.policy.compile;

import dev.weir.policy.decide.Mirroring;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.model.Mirror;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Policy;
import java.util.HashMap;
import java.util.Map;

/** Compiles the documents about mirrors to a lookup by topic. */
final class Mirrorings {
    private Mirrorings() {}

    static TopicTable<Mirroring> compile(Policy policy, String revision) {
        Map<String, Mirroring> literals = new HashMap<>();
        Map<String, Mirroring> prefixes = new HashMap<>();
        for (Mirror document : policy.mirrors()) {
            Mirroring compiled = new Mirroring(
                    new RuleRef(
                            document.name(), document.at().file(), document.at().line(), revision),
                    document.target(),
                    document.selection(),
                    document.create().orElse(null),
                    document.uncommitted());
            for (NamePattern topic : document.topics()) {
                (topic.prefix() ? prefixes : literals).put(topic.text(), compiled);
            }
        }
        return TopicTable.of(literals, prefixes);
    }
}
