package dev.weir.policy.model;

import dev.weir.policy.yaml.Position;
import java.util.List;
import java.util.Optional;

/**
 * A {@code TopicAccess}, {@code GroupAccess} or {@code AdminAccess}.
 *
 * @param owner who answers for it, or empty
 * @param mode the document's own mode, if it names one
 * @param names the topics or groups that it is about; none in an {@code AdminAccess}
 */
public record AccessDocument(
        AccessKind kind,
        String name,
        String owner,
        Optional<Mode> mode,
        List<NamePattern> names,
        List<Rule> rules,
        List<PolicyTest> tests,
        Position at) {

    public AccessDocument {
        names = List.copyOf(names);
        rules = List.copyOf(rules);
        tests = List.copyOf(tests);
    }
}
