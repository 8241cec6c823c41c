package dev.weir.policy.parse;

import dev.weir.canary.Shadow;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.decide.Names;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Canary;
import dev.weir.policy.model.ClientPattern;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Policy;
import dev.weir.policy.model.Service;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks canaries against the Services that they name, and against each other: no record may have two owners. */
final class CanaryValidator {
    private static final int TOPIC_NAME_MAX = 249;

    private final Policy policy;
    private final Problems problems;

    CanaryValidator(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void validate() {
        List<Canary> canaries = policy.canaries();
        for (int i = 0; i < canaries.size(); i++) {
            Canary canary = canaries.get(i);
            checkNames(canary);
            checkVersion(canary.stable());
            checkVersion(canary.canary());
            checkSides(canary);
            checkRedirect(canary);
            for (Canary other : canaries.subList(0, i)) {
                checkTogether(other, canary);
            }
        }
    }

    private void checkNames(Canary canary) {
        for (Text topic : canary.topics()) {
            if (Names.isInternal(ResourceType.TOPIC, topic.value())) {
                problems.add(
                        topic.at(),
                        "Kafka's internal topics have no canary",
                        '"' + topic.value() + '"',
                        "a topic of yours");
            }
        }
    }

    private void checkVersion(Canary.Selector selector) {
        Service service = policy.services().get(selector.service().value());
        if (service != null && selector.pattern(service).isEmpty()) {
            selector.version()
                    .ifPresent(version -> problems.addUnknown(
                            "version of Service " + service.name(),
                            version,
                            service.versions().stream()
                                    .map(Service.Version::name)
                                    .toList()));
        }
    }

    private void checkSides(Canary canary) {
        if (overlap(canary.stable(), canary.canary())) {
            problems.add(
                    canary.canary().at(),
                    "a client could be on both sides of the canary",
                    describe(canary.stable()) + " and " + describe(canary.canary()),
                    "client ids of which none fits both");
        }
        Set<String> services = new LinkedHashSet<>();
        clients(canary).forEach(selector -> services.add(selector.service().value()));
        for (String service : services) {
            canary.topics().forEach(topic -> checkReads(service, ResourceType.TOPIC, topic));
            if (!canary.group().isEmpty()) {
                checkReads(service, ResourceType.GROUP, canary.group());
            }
        }
    }

    /** A side that may not consume would own records that nobody processes. */
    private void checkReads(String service, ResourceType type, Text name) {
        if (policy.services().containsKey(service)
                && !Reading.isAllowed(policy, service, type, new NamePattern(name.value(), false))) {
            problems.add(
                    name.at(),
                    "Service " + service + " may not consume "
                            + (type == ResourceType.GROUP ? "in this group" : "from this topic")
                            + ", so nobody would process what it is to get",
                    '"' + name.value() + '"',
                    "a rule that lets it consume");
        }
    }

    private void checkTogether(Canary first, Canary second) {
        String other = "Canary " + first.name() + " (" + first.at() + ")";
        if (first.group().value().equals(second.group().value())
                && !second.group().isEmpty()) {
            problems.add(
                    second.group().at(),
                    other + " is about the same group",
                    '"' + second.group().value() + '"',
                    "one canary for each group");
        } else if (isShadow(first) || isShadow(second)) {
            checkShadows(first, second, other);
        } else if (clients(first).stream()
                .anyMatch(one -> clients(second).stream().anyMatch(two -> overlap(one, two)))) {
            for (Text topic : second.topics()) {
                if (isNamed(first.topics(), topic)) {
                    problems.add(
                            topic.at(),
                            "a client could be in this canary and in " + other
                                    + ", and a fetch does not say which group it is for",
                            '"' + topic.value() + '"',
                            "other client ids, or other topics");
                }
            }
        }
    }

    /** A shadow may not do what a client does that works for others. */
    private void checkShadows(Canary first, Canary second, String other) {
        if (couldBeBoth(first, second) || couldBeBoth(second, first)) {
            problems.add(
                    second.canary().at(),
                    "a client could be a shadow, of which nobody gets anything, and work for others in this canary or in "
                            + other,
                    describe(second.stable()) + " and " + describe(second.canary()),
                    "other client ids");
        } else if (isShadow(first) && isShadow(second) && overlap(first.canary(), second.canary())) {
            checkReadAndRedirected(first, second, other);
        }
    }

    /** A client asks for a topic's partitions without saying whether it is to read or to write: one name cannot be two topics. */
    private void checkReadAndRedirected(Canary first, Canary second, String other) {
        for (Text topic : second.redirect()) {
            if (isNamed(first.topics(), topic)) {
                redirectProblem(
                        topic,
                        "a client could be a shadow in " + other
                                + ", too, which reads this topic: what it writes to it cannot go elsewhere");
            }
        }
        for (Text topic : second.topics()) {
            if (isNamed(first.redirect(), topic)) {
                problems.add(
                        topic.at(),
                        "a client could be a shadow in " + other
                                + ", too, where what it writes to this topic goes elsewhere: it cannot read it",
                        '"' + topic.value() + '"',
                        "other client ids, or a topic that is not under redirect there");
            }
        }
    }

    private static boolean isNamed(List<Text> topics, Text topic) {
        return topics.stream().anyMatch(one -> one.value().equals(topic.value()));
    }

    private boolean couldBeBoth(Canary shadow, Canary other) {
        return isShadow(shadow)
                && (overlap(shadow.canary(), other.stable())
                        || (!isShadow(other) && overlap(shadow.canary(), other.canary())));
    }

    private static boolean isShadow(Canary canary) {
        return canary.strategy() == CanaryPolicy.Strategy.SHADOW;
    }

    private void checkRedirect(Canary canary) {
        for (Text topic : canary.redirect()) {
            String name = topic.value();
            if (Names.isInternal(ResourceType.TOPIC, name)) {
                redirectProblem(topic, "nobody writes to Kafka's internal topics");
            } else if (isNamed(canary.topics(), topic)) {
                redirectProblem(topic, "a shadow cannot read a topic and have what it writes to it go elsewhere");
            } else if (name.endsWith(Shadow.SUFFIX) || name.length() + Shadow.SUFFIX.length() > TOPIC_NAME_MAX) {
                redirectProblem(topic, "no topic " + Shadow.topic("NAME") + " can be made of this name");
            }
        }
    }

    private void redirectProblem(Text topic, String what) {
        problems.add(topic.at(), what, '"' + topic.value() + '"', "another topic that the service writes to");
    }

    private static List<Canary.Selector> clients(Canary canary) {
        return List.of(canary.stable(), canary.canary());
    }

    private boolean overlap(Canary.Selector left, Canary.Selector right) {
        String service = left.service().value();
        Optional<Service> declared = Optional.ofNullable(policy.services().get(service));
        Optional<ClientPattern> one = declared.flatMap(left::pattern);
        Optional<ClientPattern> two = declared.flatMap(right::pattern);
        return service.equals(right.service().value())
                && one.isPresent()
                && two.isPresent()
                && one.get().overlaps(two.get());
    }

    private static String describe(Canary.Selector selector) {
        return selector.clientIds()
                .map(pattern -> "clientId " + pattern)
                .or(() -> selector.version().map(version -> "version " + version))
                .orElse("");
    }
}
