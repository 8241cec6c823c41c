package dev.weir.proxy.authorize;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.policy.decide.Operation;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.errors.InvalidRegularExpression;

/**
 * A member's {@code SubscribedTopicRegex}, in RE2 syntax and matched against whole names, as the group coordinator does
 * (KIP-848). RE2J matches in time linear to the name, so a pattern cannot stall the event loop.
 */
final class TopicPattern {
    private final Pattern pattern;

    private TopicPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws InvalidRegularExpression in the group coordinator's words */
    static TopicPattern compile(String regex) {
        try {
            return new TopicPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new InvalidRegularExpression(String.format(
                    "SubscribedTopicRegex `%s` is not a valid regular expression: %s.", regex, e.getDescription()));
        }
    }

    /** The given names, and those of the cluster's topics that match and may be described; in order, each once. */
    List<String> resolve(Collection<String> names, RequestContext context) {
        TreeSet<String> resolved = new TreeSet<>(names);
        for (String topic : context.topicNames()) {
            if (pattern.matches(topic) && context.showsTopic(topic, Operation.DESCRIBE)) {
                resolved.add(topic);
            }
        }
        return List.copyOf(resolved);
    }
}
