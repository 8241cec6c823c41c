package dev.weir.policy.parse;

import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.AccessDocument;
import dev.weir.policy.model.AccessKind;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.PolicyTest;
import dev.weir.policy.model.Rule;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the {@code spec} of a {@code TopicAccess}, {@code GroupAccess} or {@code AdminAccess}. */
final class AccessReader {
    private final AccessKind kind;
    private final Metadata metadata;
    private final References references;

    AccessReader(AccessKind kind, Metadata metadata, References references) {
        this.kind = kind;
        this.metadata = metadata;
        this.references = references;
    }

    AccessDocument read(YamlObject spec) {
        String document = metadata.name().value();
        Optional<Mode> mode = spec.choice("mode", Words.MODES);
        List<NamePattern> names = switch (kind) {
            case TOPIC_ACCESS -> Patterns.required(spec, "topics", ResourceType.TOPIC);
            case GROUP_ACCESS -> Patterns.required(spec, "groups", ResourceType.GROUP);
            case ADMIN_ACCESS -> List.of();
        };
        RuleReader rules = new RuleReader(document, new GrantReader(kind, names), references);
        List<Rule> read = new ArrayList<>();
        for (YamlValue value : spec.requiredValues("rules", "at least one rule")) {
            value.object(rules::read).ifPresent(read::add);
        }
        TestReader tester = new TestReader(document, references);
        List<PolicyTest> tests = spec.objects("tests", tester::read);
        return new AccessDocument(
                kind,
                document,
                metadata.owner(),
                mode,
                names,
                read,
                tests,
                metadata.name().at());
    }
}
