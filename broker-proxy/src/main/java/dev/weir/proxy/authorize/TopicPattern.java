package dev.weir.proxy.authorize;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.policy.decide.Operation;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.jspecify.annotations.Nullable;

/**
 * A member's {@code SubscribedTopicRegex}, in RE2 syntax and matched against whole names, as the group coordinator does
 * (KIP-848). RE2J matches in time linear to the name; what could stall the event loop is only to compile counted
 * repetitions inside of each other, {@code ((a{1000}){1000}){1000}}, so there is a limit on what they multiply to, which
 * the coordinator does not have.
 *
 * <p>Heartbeats come every few seconds, and topics or policy seldom change: what the pattern stands for is kept until they
 * do. Event loop of the connection only.
 */
final class TopicPattern {
    /** Of length times all repetition counts: compiles within a fraction of a second, and no topic name needs more. */
    private static final long SIZE_MAX = 500_000;

    private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,4})(?:,(\\d{0,4}))?\\}");

    private final Pattern pattern;
    private @Nullable Matches last;

    private TopicPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws InvalidRegularExpression in the group coordinator's words */
    static TopicPattern compile(String regex) {
        if (size(regex) > SIZE_MAX) {
            throw invalid(regex, "its repetitions multiply to too large a program");
        }
        try {
            return new TopicPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw invalid(regex, e.getDescription());
        }
    }

    private static InvalidRegularExpression invalid(String regex, String why) {
        return new InvalidRegularExpression(
                String.format("SubscribedTopicRegex `%s` is not a valid regular expression: %s.", regex, why));
    }

    private static long size(String regex) {
        long size = regex.length();
        Matcher repetitions = REPETITION.matcher(regex);
        while (repetitions.find() && size <= SIZE_MAX) {
            String most = repetitions.group(2);
            String count = most == null || most.isEmpty() ? repetitions.group(1) : most;
            size *= Math.max(1, Integer.parseInt(count));
        }
        return size;
    }

    /** The given names, and those of the cluster's topics that match and may be described; in order, each once. */
    List<String> resolve(Collection<String> names, RequestContext context) {
        TreeSet<String> resolved = new TreeSet<>(names);
        resolved.addAll(matches(context));
        return List.copyOf(resolved);
    }

    private List<String> matches(RequestContext context) {
        Object policy = context.policyToken();
        Collection<String> topics = context.topicNames();
        Matches known = last;
        if (known != null && known.holds(policy, context.clientId(), topics)) {
            return known.matching;
        }
        List<String> matching = topics.stream()
                .filter(topic -> pattern.matches(topic) && context.showsTopic(topic, Operation.DESCRIBE))
                .toList();
        last = new Matches(policy, context.clientId(), topics, matching);
        return matching;
    }

    /** What matched, and for whom: decisions depend on the policy and on the client id that a request names. */
    private record Matches(Object policy, String clientId, Collection<String> topics, List<String> matching) {

        @SuppressWarnings("ReferenceEquality") // both say by their identity that nothing has changed
        boolean holds(Object policyNow, String clientIdNow, Collection<String> topicsNow) {
            return policy == policyNow && topics == topicsNow && clientId.equals(clientIdNow);
        }
    }
}
