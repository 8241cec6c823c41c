package dev.weir.policy.parse;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.decide.BuiltInRules;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.AccessDocument;
import dev.weir.policy.model.Identity;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Policy;
import dev.weir.policy.model.Rule;
import dev.weir.policy.model.SchemaRule;
import dev.weir.policy.model.Service;
import dev.weir.policy.model.Slo;
import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks what only the whole policy can show: names that do not exist, and things that are there twice. */
final class PolicyValidator {
    private final Policy policy;
    private final References references;
    private final Problems problems;

    PolicyValidator(Policy policy, References references, Problems problems) {
        this.policy = policy;
        this.references = references;
        this.problems = problems;
    }

    void validate() {
        checkServices();
        checkRuleIds();
        checkRuleReferences();
        checkIdentities();
        checkSlos();
        checkPropagations();
        checkSchemaRules();
        new CanaryValidator(policy, problems).validate();
        checkMirrors();
    }

    private void checkServices() {
        Set<String> known = new TreeSet<>(policy.services().keySet());
        for (Text service : references.services()) {
            if (!service.value().equals("*") && !known.contains(service.value())) {
                problems.addUnknown("Service", service, known);
            }
        }
    }

    private void checkRuleIds() {
        for (AccessDocument document : policy.documents()) {
            Map<String, Rule> first = new HashMap<>();
            for (Rule rule : document.rules()) {
                Rule other = first.putIfAbsent(rule.id(), rule);
                if (other != null && !rule.id().isEmpty()) {
                    String found = '"' + rule.id() + '"';
                    int line = other.at().line();
                    problems.add(rule.at(), "two rules with one id; the first is in line " + line, found, "another id");
                }
            }
        }
    }

    private void checkRuleReferences() {
        Set<String> full = policy.documents().stream()
                .flatMap(document -> document.rules().stream().map(Rule::reference))
                .collect(Collectors.toCollection(TreeSet::new));
        full.addAll(BuiltInRules.ALL);
        for (References.ToRule reference : references.rules()) {
            String name = reference.rule().value();
            String prefix = reference.document() + "/";
            if (!full.contains(name) && !full.contains(prefix + name)) {
                Set<String> known = new TreeSet<>(full);
                full.stream()
                        .filter(rule -> rule.startsWith(prefix))
                        .forEach(rule -> known.add(rule.substring(prefix.length())));
                problems.addUnknown("rule", reference.rule(), known);
            }
        }
    }

    /** One identity in two Services would be refused whenever it comes: better to say so before. */
    private void checkIdentities() {
        record Declared(Identity identity, Service service) {}
        Map<Object, List<Declared>> byKey = new HashMap<>();
        for (Service service : policy.services().values()) {
            for (Identity identity : service.identities()) {
                List<Declared> same = byKey.computeIfAbsent(key(identity), key -> new ArrayList<>());
                same.stream()
                        .filter(other -> collide(other.identity, identity))
                        .findFirst()
                        .ifPresent(other -> problems.add(
                                service.at(),
                                "an identity of Service " + service.name() + " is one of Service "
                                        + other.service.name() + " too (" + other.service.at()
                                        + "); a peer that is two Services is refused",
                                describe(identity),
                                "each identity once"));
                same.add(new Declared(identity, service));
            }
        }
    }

    /** An objective for topics that a Service may not read would never see a record, and never fire. */
    private void checkSlos() {
        for (Slo slo : policy.slos()) {
            String service = slo.service().orElse("");
            if (policy.services().containsKey(service)) {
                for (NamePattern topic : slo.topics()) {
                    if (!Reading.isAllowed(policy, service, ResourceType.TOPIC, topic)) {
                        problems.add(
                                slo.at(),
                                "Service " + service + " may not consume from any such topic, so the objective of Slo "
                                        + slo.name() + " would never count a record",
                                '"' + topic.toString() + '"',
                                "topics that a rule lets it consume from");
                    }
                }
            }
        }
    }

    private void checkPropagations() {
        Map<NamePattern, Owned> first = new HashMap<>();
        policy.propagations()
                .forEach(document -> checkOnce(
                        first, "IdentityPropagation", new Owned(document.name(), document.at()), document.topics()));
    }

    private void checkSchemaRules() {
        Map<NamePattern, Owned> first = new HashMap<>();
        policy.schemaRules()
                .forEach(document ->
                        checkOnce(first, "SchemaRule", new Owned(document.name(), document.at()), document.topics()));
        policy.schemaRules().forEach(document -> document.deadLetters().ifPresent(this::checkDeadLetters));
    }

    /** What is kept there is bad by definition: a rule on it would refuse, or send in a circle, what is to be kept. */
    private void checkDeadLetters(SchemaRule.DeadLetters deadLetters) {
        for (SchemaRule rule : policy.schemaRules()) {
            rule.topics().stream()
                    .filter(topic -> topic.matches(deadLetters.topic()))
                    .findFirst()
                    .ifPresent(topic -> problems.add(
                            deadLetters.at(),
                            "SchemaRule " + rule.name() + " (" + rule.at() + ") guards this topic by " + topic
                                    + ", and a topic for bad records cannot be guarded itself",
                            '"' + deadLetters.topic() + '"',
                            "a topic that no SchemaRule is about"));
        }
    }

    private void checkMirrors() {
        Map<NamePattern, Owned> first = new HashMap<>();
        policy.mirrors()
                .forEach(document ->
                        checkOnce(first, "Mirror", new Owned(document.name(), document.at()), document.topics()));
        new MirrorCircles(policy.mirrors(), problems).check();
    }

    /** A document that says something of topics. */
    private record Owned(String name, Position at) {}

    /** Two documents on one pattern would leave it to chance which one holds. */
    private void checkOnce(Map<NamePattern, Owned> first, String kind, Owned document, List<NamePattern> topics) {
        for (NamePattern topic : topics) {
            Owned other = first.putIfAbsent(topic, document);
            if (other != null) {
                problems.add(
                        document.at(),
                        kind + " " + other.name() + " (" + other.at()
                                + ") is about the same topics, so nothing says which of the two holds",
                        '"' + topic.toString() + '"',
                        "each topic or prefix once");
            }
        }
    }

    private static Object key(Identity identity) {
        return identity instanceof Identity.Sasl sasl ? "sasl " + sasl.name() : identity;
    }

    private static boolean collide(Identity left, Identity right) {
        if (left instanceof Identity.Sasl a && right instanceof Identity.Sasl b) {
            Optional<Mechanism> any = Optional.empty();
            return a.mechanism().equals(any)
                    || b.mechanism().equals(any)
                    || a.mechanism().equals(b.mechanism());
        }
        return left.equals(right);
    }

    private static String describe(Identity identity) {
        if (identity instanceof Identity.San san) {
            return "san " + san.name();
        } else if (identity instanceof Identity.Sasl sasl) {
            return "sasl " + sasl.name();
        } else if (identity instanceof Identity.DistinguishedName name) {
            return "dn " + name.canonical();
        } else if (identity instanceof Identity.Claims claims) {
            return "claims " + claims.claims();
        }
        return "anonymous";
    }
}
