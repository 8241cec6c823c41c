package dev.weir.cli.policy;

import dev.weir.topology.view.Edge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The least that lets a Service do what it was seen doing.
 *
 * @param topics by name; sorted
 */
record Suggestion(String service, boolean declared, ObservedTraffic traffic, List<TopicUse> topics) {

    /**
     * What the Service does with one topic.
     *
     * @param groups in which it consumes; sorted
     * @param deniedInDryRun whether the policy in force would deny some of it
     */
    record TopicUse(String topic, boolean produce, boolean consume, List<String> groups, boolean deniedInDryRun) {}

    static Suggestion of(String service, ObservedTraffic traffic) {
        List<ObservedTraffic.Seen> own = traffic.edges().stream()
                .filter(seen -> seen.service().equals(service))
                .toList();
        Map<String, List<ObservedTraffic.Seen>> byTopic = own.stream()
                .filter(ObservedTraffic.Seen::flowed)
                .collect(Collectors.groupingBy(ObservedTraffic.Seen::topic, TreeMap::new, Collectors.toList()));
        List<TopicUse> topics = new ArrayList<>();
        byTopic.forEach((topic, seen) -> topics.add(use(topic, seen)));
        return new Suggestion(
                service, own.stream().allMatch(ObservedTraffic.Seen::declared), traffic, List.copyOf(topics));
    }

    private static TopicUse use(String topic, List<ObservedTraffic.Seen> seen) {
        Set<String> groups = new TreeSet<>();
        boolean produce = false;
        boolean consume = false;
        boolean dryRun = false;
        for (ObservedTraffic.Seen each : seen) {
            boolean produces = each.edge().operation() == Edge.Operation.PRODUCE;
            produce |= produces;
            consume |= !produces;
            dryRun |= each.edge().dryRunDenied() > 0;
            if (!each.edge().group().isEmpty()) {
                groups.add(each.edge().group());
            }
        }
        return new TopicUse(topic, produce, consume, List.copyOf(groups), dryRun);
    }

    /** What it tried and never got, one line each: somebody has to decide, so that it is not in the policy. */
    List<String> refused() {
        return traffic.edges().stream()
                .filter(seen -> seen.service().equals(service) && !seen.flowed())
                .sorted(Comparator.comparing(ObservedTraffic.Seen::topic))
                .map(seen ->
                        (seen.edge().operation() == Edge.Operation.PRODUCE ? "produce to " : "consume ") + seen.topic())
                .distinct()
                .toList();
    }

    /** As policy documents. */
    List<String> yaml() {
        List<String> lines = new ArrayList<>();
        lines.add("# The least that lets " + comment(service) + " do what it was seen doing.");
        lines.add("# Observed: " + traffic.howLong() + ".");
        lines.add("# What happens less often than that, such as at the end of a month, is not in it.");
        lines.add("# Transactional ids are not observed: add transactionalIds where it uses transactions.");
        refused().forEach(deed -> lines.add("# Left out, since it was denied each time: " + comment(deed)));
        if (!declared) {
            lines.add("# Policy knows no Service for it: declare one, and put its name in place of the principal's.");
        }
        for (TopicUse use : topics) {
            lines.add("---");
            lines.add("apiVersion: weir.dev/v1");
            lines.add("kind: TopicAccess");
            lines.add("metadata: {name: " + quoted(documentName(use.topic())) + "}");
            lines.add("spec:");
            lines.add("  topics: [" + quoted(use.topic()) + "]");
            lines.add("  rules:");
            if (use.deniedInDryRun()) {
                lines.add("    # the policy in force would deny some of this, and lets it pass in dry-run");
            }
            if (use.produce()) {
                lines.add("    - {id: produce, allow: [produce], services: [" + quoted(service) + "]}");
            }
            if (use.consume()) {
                String groups = use.groups().isEmpty()
                        ? ""
                        : ", groups: ["
                                + use.groups().stream().map(Suggestion::quoted).collect(Collectors.joining(", "))
                                + "]";
                lines.add("    - {id: consume, allow: [consume], services: [" + quoted(service) + "]" + groups + "}");
            }
        }
        return lines;
    }

    /** A document's name has fewer characters than a topic's may have, at both ends. */
    private String documentName(String topic) {
        String name = (service + "-" + topic).replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[._-]+|[._-]+$", "");
        return name.length() <= 128 ? name : name.substring(0, 111) + "-" + Integer.toHexString(name.hashCode());
    }

    /** Names come from clients: in double quotes nothing of them is YAML. An asterisk at the end is itself. */
    private static String quoted(String name) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (letter < ' ' || letter > '~') {
                quoted.append(String.format("\\u%04x", (int) letter));
            } else if (letter == '*' && i == name.length() - 1) {
                quoted.append("\\\\*");
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }

    private static String comment(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
