package dev.weir.policy.model;

import dev.weir.policy.yaml.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How much a Service may do a second.
 *
 * @param owner who answers for it, or empty
 * @param topics only what it does with these; empty for all
 * @param produceBytes 0 for any number, as the two after it
 * @param burst for how long it may have done nothing and make up for it at once
 * @param mode the document's own mode, if it names one
 */
public record Quota(
        String name,
        String owner,
        String service,
        List<NamePattern> topics,
        long produceBytes,
        long fetchBytes,
        long requests,
        Duration burst,
        Optional<Mode> mode,
        Position at) {
    public Quota {
        topics = List.copyOf(topics);
    }
}
