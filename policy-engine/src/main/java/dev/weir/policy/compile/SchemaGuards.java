package dev.weir.policy.compile;

import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Policy;
import dev.weir.policy.model.SchemaRule;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Compiles the documents about schemas to a lookup by topic. */
final class SchemaGuards {
    private SchemaGuards() {}

    static TopicTable<SchemaGuard> compile(Policy policy, String revision) {
        Map<String, SchemaGuard> literals = new HashMap<>();
        Map<String, SchemaGuard> prefixes = new HashMap<>();
        for (SchemaRule document : policy.schemaRules()) {
            boolean dryRun = document.mode().orElse(policy.mode()) == Mode.DRY_RUN;
            SchemaGuard compiled = new SchemaGuard(
                    new RuleRef(
                            document.name(), document.at().file(), document.at().line(), revision),
                    dryRun ? OnViolation.OBSERVE : document.onViolation(),
                    document.deadLetters().map(SchemaRule.DeadLetters::topic).orElse(null),
                    document.key().orElse(null),
                    document.value().orElse(null),
                    document.tombstones(),
                    document.schemaless(),
                    document.unsettled());
            for (NamePattern topic : document.topics()) {
                (topic.prefix() ? prefixes : literals).put(topic.text(), compiled);
            }
        }
        return TopicTable.of(literals, prefixes);
    }

    /** The names of the registries that are asked. */
    static Set<String> registries(Policy policy) {
        Set<String> names = new TreeSet<>();
        policy.schemaRules().stream()
                .flatMap(document -> Stream.of(document.key(), document.value()))
                .flatMap(Optional::stream)
                .forEach(check -> {
                    if (check.source() instanceof SchemaGuard.Source.Registered registered) {
                        names.add(registered.registry());
                    }
                });
        return names;
    }
}
