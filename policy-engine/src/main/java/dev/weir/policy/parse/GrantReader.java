package dev.weir.policy.parse;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.AccessKind;
import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Grant;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads which operations on which names a rule is about, by the kind of its document. */
final class GrantReader {
    private final AccessKind kind;
    private final List<NamePattern> names;

    /**
     * @param names the topics of a {@code TopicAccess}, the groups of a {@code GroupAccess}: a rule that names none is
     *     about all of them, and no rule reaches beyond them
     */
    GrantReader(AccessKind kind, List<NamePattern> names) {
        this.kind = kind;
        this.names = names;
    }

    /** The actions that rules of this kind can name. */
    Set<String> actions() {
        return switch (kind) {
            case TOPIC_ACCESS -> Verbs.TOPIC;
            case GROUP_ACCESS -> Verbs.GROUP;
            case ADMIN_ACCESS -> Verbs.ADMIN;
        };
    }

    String actionWords() {
        return String.join(", ", new TreeSet<>(actions()));
    }

    List<Grant> read(YamlObject rule, Effect effect, List<Text> actions) {
        for (Text action : actions) {
            if (!actions().contains(action.value())) {
                rule.problems().addUnknown("action", action, actions());
            }
        }
        List<Text> known = actions.stream()
                .filter(action -> actions().contains(action.value()))
                .toList();
        return switch (kind) {
            case TOPIC_ACCESS -> topicGrants(rule, effect, known);
            case GROUP_ACCESS ->
                grants(ResourceType.GROUP, within(rule, "groups", ResourceType.GROUP), verbs(known, effect));
            case ADMIN_ACCESS -> adminGrants(rule, known);
        };
    }

    private List<Grant> topicGrants(YamlObject rule, Effect effect, List<Text> actions) {
        List<Grant> grants = new ArrayList<>(
                grants(ResourceType.TOPIC, within(rule, "topics", ResourceType.TOPIC), verbs(actions, effect)));
        List<NamePattern> groups = companions(rule, "groups", ResourceType.GROUP, "consume", effect, actions);
        grants.addAll(grants(ResourceType.GROUP, groups, Verbs.operations("consume", effect)));
        List<NamePattern> ids =
                companions(rule, "transactionalIds", ResourceType.TRANSACTIONAL_ID, "produce", effect, actions);
        grants.addAll(grants(ResourceType.TRANSACTIONAL_ID, ids, Verbs.operations("produce", effect)));
        return grants;
    }

    /** Names that a client needs besides the topic; they go with the one verb that needs them. */
    private static List<NamePattern> companions(
            YamlObject rule, String key, ResourceType type, String verb, Effect effect, List<Text> actions) {
        List<NamePattern> patterns = Patterns.optional(rule, key, type);
        if (rule.has(key) && effect == Effect.DENY) {
            rule.problems()
                    .add(
                            rule.at(key),
                            "a deny here is about topics; deny " + key + " in a GroupAccess or an AdminAccess",
                            key,
                            "topics");
        } else if (rule.has(key)
                && actions.stream().noneMatch(action -> action.value().equals(verb))) {
            rule.problems().add(rule.at(key), key + " goes with " + verb, "", "allow: [" + verb + "]");
        }
        return patterns;
    }

    private List<NamePattern> within(YamlObject rule, String key, ResourceType type) {
        if (!rule.has(key)) {
            return names;
        }
        List<NamePattern> patterns = Patterns.required(rule, key, type);
        for (NamePattern pattern : patterns) {
            if (!names.isEmpty() && names.stream().noneMatch(name -> name.covers(pattern))) {
                rule.problems()
                        .add(
                                rule.at(key),
                                "a rule stays within the " + key + " of its document",
                                '"' + pattern.toString() + '"',
                                "something within " + names);
            }
        }
        return patterns;
    }

    private static Set<Operation> verbs(List<Text> actions, Effect effect) {
        EnumSet<Operation> operations = EnumSet.noneOf(Operation.class);
        actions.forEach(action -> operations.addAll(Verbs.operations(action.value(), effect)));
        return operations;
    }

    private static List<Grant> adminGrants(YamlObject rule, List<Text> actions) {
        Map<ResourceType, List<NamePattern>> resources = new LinkedHashMap<>();
        Verbs.RESOURCE_KEYS.forEach((type, key) -> {
            if (rule.has(key)) {
                resources.put(type, Patterns.required(rule, key, type));
            }
        });
        if (rule.bool("cluster", false)) {
            resources.put(ResourceType.CLUSTER, List.of(new NamePattern(ResourceType.CLUSTER_NAME, false)));
        }
        if (resources.isEmpty()) {
            String expected = "at least one of cluster, " + String.join(", ", Verbs.RESOURCE_KEYS.values());
            rule.problems().add(rule.at(), "the rule is about nothing", "", expected);
        }
        List<Grant> grants = new ArrayList<>();
        for (Map.Entry<ResourceType, List<NamePattern>> entry : resources.entrySet()) {
            grants.addAll(grants(entry.getKey(), entry.getValue(), Verbs.operations(actions, entry.getKey())));
        }
        for (Text action : resources.isEmpty() ? List.<Text>of() : actions) {
            if (resources.keySet().stream()
                    .allMatch(type -> Verbs.operations(List.of(action), type).isEmpty())) {
                List<String> types = resources.keySet().stream().map(Words::of).toList();
                rule.problems()
                        .add(
                                action.at(),
                                "Kafka has no such operation on " + String.join(", ", types),
                                action.value(),
                                Verbs.wordsFor(resources.keySet()));
            }
        }
        return grants;
    }

    private static List<Grant> grants(ResourceType type, List<NamePattern> patterns, Set<Operation> operations) {
        if (operations.isEmpty()) {
            return List.of();
        }
        return patterns.stream()
                .map(pattern -> new Grant(type, pattern, operations))
                .toList();
    }
}
