package dev.weir.policy.parse;

import dev.weir.policy.model.Callers;
import dev.weir.policy.model.Condition;
import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.Rule;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one rule: its effect, for whom and until when here; what it grants in the {@link GrantReader} of its kind. */
final class RuleReader {
    private final String document;
    private final GrantReader grants;
    private final References references;

    RuleReader(String document, GrantReader grants, References references) {
        this.document = document;
        this.grants = grants;
        this.references = references;
    }

    Rule read(YamlObject rule) {
        Text id = Metadata.name(rule, "id");
        Effect effect = effect(rule);
        List<Text> actions = actions(rule, effect);
        Callers callers = callers(rule);
        Optional<Condition> when = rule.object("when", ConditionReader::read);
        Optional<Instant> expires = expires(rule, effect);
        Optional<Mode> mode = rule.choice("mode", Words.MODES);
        return new Rule(
                document,
                id.value(),
                effect,
                actions.stream().map(Text::value).toList(),
                grants.read(rule, effect, actions),
                callers,
                when,
                expires,
                mode,
                rule.at());
    }

    private List<Text> actions(YamlObject rule, Effect effect) {
        String key = effect == Effect.DENY ? "deny" : "allow";
        if (!rule.has(key)) {
            rule.problems().add(rule.at(), "missing key \"allow\" or \"deny\"", "", grants.actionWords());
            return List.of();
        }
        return rule.requiredValues(key, "at least one of " + grants.actionWords()).stream()
                .flatMap(value -> value.text().stream())
                .toList();
    }

    private static Effect effect(YamlObject rule) {
        boolean allow = rule.has("allow");
        boolean deny = rule.has("deny");
        if (allow && deny) {
            rule.problems().add(rule.at("deny"), "a rule has one effect", "allow and deny", "two rules");
        }
        return deny && !allow ? Effect.DENY : Effect.ALLOW;
    }

    private Callers callers(YamlObject rule) {
        Set<String> services = known(
                rule.requiredValues("services", "Services, or \"*\"").stream().flatMap(value -> value.text().stream()));
        Set<String> except = known(rule.texts("except").stream());
        boolean everyone = services.remove("*");
        if (rule.has("except") && !everyone) {
            rule.problems().add(rule.at("except"), "except leaves Services out of \"*\", which services does not name");
        }
        return new Callers(everyone, services, except);
    }

    private Set<String> known(Stream<Text> names) {
        return names.peek(references::service).map(Text::value).collect(Collectors.toCollection(HashSet::new));
    }

    private static Optional<Instant> expires(YamlObject rule, Effect effect) {
        if (rule.has("expires") && effect == Effect.DENY) {
            rule.problems()
                    .add(rule.at("expires"), "a deny cannot expire: it would open access; put the date on an allow");
        }
        return Expiry.read(rule);
    }
}
