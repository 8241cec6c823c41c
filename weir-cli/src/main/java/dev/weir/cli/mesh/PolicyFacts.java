package dev.weir.cli.mesh;

import dev.weir.policy.check.Reach;
import dev.weir.policy.compile.CompiledRule;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.model.AccessDocument;
import dev.weir.policy.model.AccessKind;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Query;
import dev.weir.policy.model.Rule;
import dev.weir.policy.model.Service;
import dev.weir.policy.model.Slo;
import dev.weir.policy.model.Words;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.PolicyView.AdminPower;
import dev.weir.topology.view.PolicyView.Grant;
import dev.weir.topology.view.PolicyView.Objective;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** One snapshot as the topology wants to know it. Immutable but for what it remembers of its own answers; any thread. */
final class PolicyFacts {
    /** As many answers are remembered; names come from clients, so that there could be any number. */
    private static final int ANSWERS_MAX = 50_000;

    private final CompiledSnapshot snapshot;
    private final Reach reach;
    private final List<TopicOwner> topicOwners;
    private final List<Objective> objectives;
    private final List<Grant> grants;
    private final List<AdminPower> adminPowers;
    private final Map<Question, Edge.Allowed> allowed = new ConcurrentHashMap<>();
    private final Map<String, String> owners = new ConcurrentHashMap<>();

    private record TopicOwner(NamePattern topics, String owner) {}

    private record Question(String service, Edge.Operation operation, String topic) {}

    PolicyFacts(CompiledSnapshot snapshot, Instant now) {
        this.snapshot = snapshot;
        this.reach = new Reach(snapshot, now);
        this.topicOwners = snapshot.policy().documents().stream()
                .filter(document -> document.kind() == AccessKind.TOPIC_ACCESS
                        && !document.owner().isEmpty())
                .flatMap(PolicyFacts::owners)
                .sorted(Comparator.comparing(
                                (TopicOwner owner) -> owner.topics().prefix())
                        .thenComparing(owner -> -owner.topics().text().length()))
                .toList();
        this.objectives =
                snapshot.policy().slos().stream().map(PolicyFacts::objective).toList();
        this.grants = snapshot.rules().stream()
                .filter(rule -> rule.rule().effect() == Effect.ALLOW && rule.mode() == Mode.ENFORCE)
                .filter(rule -> !rule.rule().isExpired(now))
                .flatMap(rule -> grants(rule, snapshot.policy().services().keySet()))
                .toList();
        this.adminPowers = snapshot.policy().documents().stream()
                .filter(document -> document.kind() == AccessKind.ADMIN_ACCESS)
                .flatMap(document -> document.rules().stream())
                .filter(rule -> rule.effect() == Effect.ALLOW && !rule.isExpired(now))
                .flatMap(rule -> adminPowers(rule, snapshot.policy().services().keySet()))
                .toList();
    }

    private static Stream<AdminPower> adminPowers(Rule rule, Collection<String> services) {
        List<String> resources = rule.grants().stream()
                .map(grant -> grant.type() == ResourceType.CLUSTER
                        ? Words.of(grant.type())
                        : Words.of(grant.type()) + " " + grant.pattern())
                .distinct()
                .toList();
        String at = rule.at().file() + ":" + rule.at().line();
        return services.stream()
                .filter(service -> rule.callers().include(service, Effect.ALLOW))
                .map(service -> new AdminPower(rule.reference(), at, service, rule.actions(), resources));
    }

    private static Stream<TopicOwner> owners(AccessDocument document) {
        return document.names().stream().map(topics -> new TopicOwner(topics, document.owner()));
    }

    private static Objective objective(Slo slo) {
        return new Objective(
                slo.name(),
                slo.owner(),
                slo.cluster().orElse(""),
                slo.service().orElse(""),
                slo.group().orElse(""),
                slo.topics().stream().map(NamePattern::toString).toList(),
                slo.objective().doubleValue(),
                slo.within().toMillis(),
                slo.window().toMillis());
    }

    private static Stream<Grant> grants(CompiledRule compiled, Iterable<String> services) {
        Rule rule = compiled.rule();
        List<Grant> grants = new ArrayList<>();
        for (Edge.Operation operation : Edge.Operation.values()) {
            List<String> topics = rule.grants().stream()
                    .filter(grant -> grant.type() == ResourceType.TOPIC
                            && grant.operations().contains(kafka(operation)))
                    .map(grant -> grant.pattern().toString())
                    .distinct()
                    .toList();
            for (String service : services) {
                if (!topics.isEmpty() && rule.callers().include(service, Effect.ALLOW)) {
                    String at = rule.at().file() + ":" + rule.at().line();
                    grants.add(new Grant(rule.reference(), at, service, operation, topics));
                }
            }
        }
        return grants.stream();
    }

    private static Operation kafka(Edge.Operation operation) {
        return operation == Edge.Operation.PRODUCE ? Operation.WRITE : Operation.READ;
    }

    CompiledSnapshot snapshot() {
        return snapshot;
    }

    String serviceOwner(String name) {
        Service service = snapshot.policy().services().get(name);
        return service == null ? "" : service.owner();
    }

    /** The owner of the document that names the topic; of several, the one that names it most exactly. */
    String topicOwner(String topic) {
        String known = owners.get(topic);
        if (known != null) {
            return known;
        }
        String owner = topicOwners.stream()
                .filter(candidate -> candidate.topics().matches(topic))
                .map(TopicOwner::owner)
                .findFirst()
                .orElse("");
        if (owners.size() < ANSWERS_MAX) {
            owners.put(topic, owner);
        }
        return owner;
    }

    /** What a Service's requests meet. */
    List<String> interventionsOf(String service) {
        return interventions(
                fault -> fault.service().equals(service),
                quota -> quota.service().equals(service));
    }

    /** What is about a topic by its name. */
    List<String> interventionsIn(String topic) {
        return interventions(
                fault -> fault.topics().find(topic) != null,
                quota -> quota.topics().find(topic) != null);
    }

    private List<String> interventions(Predicate<FaultPolicy> faults, Predicate<QuotaPolicy> quotas) {
        return Stream.concat(
                        snapshot.faults().stream()
                                .filter(faults)
                                .map(fault ->
                                        (fault.dryRun() ? "fault in dry-run: " : "fault on purpose: ") + fault.name()),
                        snapshot.quotas().stream()
                                .filter(quotas)
                                .map(quota -> (quota.dryRun() ? "quota in dry-run: " : "quota: ") + quota.name()))
                .toList();
    }

    Edge.Allowed allowed(String service, Edge.Operation operation, String topic) {
        Question question = new Question(service, operation, topic);
        Edge.Allowed known = allowed.get(question);
        if (known != null) {
            return known;
        }
        Query query = new Query(
                operation == Edge.Operation.PRODUCE ? "produce" : "consume",
                List.of(new Query.Step(ResourceType.TOPIC, topic, kafka(operation))));
        Edge.Allowed answer =
                switch (reach.ask(service, Circumstances.UNKNOWN, query).answer()) {
                    case YES -> Edge.Allowed.YES;
                    case NO -> Edge.Allowed.NO;
                    case DEPENDS -> Edge.Allowed.UNKNOWN;
                };
        if (allowed.size() < ANSWERS_MAX) {
            allowed.put(question, answer);
        }
        return answer;
    }

    Optional<PolicyView.SchemaGuard> schemaGuard(String topic) {
        SchemaGuard guard = snapshot.schemas().find(topic);
        if (guard == null) {
            return Optional.empty();
        }
        String deadLetterTopic = guard.deadLetterTopic();
        return Optional.of(new PolicyView.SchemaGuard(
                guard.rule().id(),
                guard.rule().file() + ":" + guard.rule().line(),
                guard.onViolation().name().toLowerCase(Locale.ROOT),
                deadLetterTopic == null ? "" : deadLetterTopic));
    }

    List<Objective> objectives() {
        return objectives;
    }

    List<Grant> grants() {
        return grants;
    }

    List<AdminPower> adminPowers() {
        return adminPowers;
    }
}
