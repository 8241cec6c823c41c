package dev.weir.policy.model;

import dev.weir.policy.decide.Mirroring;
import dev.weir.policy.yaml.Position;
import java.util.List;
import java.util.Optional;

/**
 * Which records go to another topic as well.
 *
 * @param owner who answers for it, or empty
 * @param topics of which records go; of two patterns that match, the more specific one holds
 * @param create how the other topic is made where it is missing
 * @param uncommitted whether records of transactions go, too
 */
public record Mirror(
        String name,
        String owner,
        List<NamePattern> topics,
        Mirroring.Target target,
        Mirroring.Selection selection,
        Optional<Mirroring.Creation> create,
        boolean uncommitted,
        Position at) {
    public Mirror {
        topics = List.copyOf(topics);
    }
}
