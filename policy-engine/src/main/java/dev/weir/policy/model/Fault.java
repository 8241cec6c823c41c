package dev.weir.policy.model;

import dev.weir.policy.decide.FaultApi;
import dev.weir.policy.decide.FaultEffect;
import dev.weir.policy.yaml.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A fault on purpose.
 *
 * @param owner who answers for it, or empty
 * @param service whose requests are hit
 * @param clientId only those of these client ids
 * @param apis only those of these APIs; empty for all
 * @param topics only those that name one of these; empty for any
 * @param shareBasisPoints how many of them, in hundredths of a percent
 * @param effect what is done to them
 * @param expires when it ends by itself
 * @param mode the document's own mode, if it names one
 */
public record Fault(
        String name,
        String owner,
        String service,
        Optional<NamePattern> clientId,
        Set<FaultApi> apis,
        List<NamePattern> topics,
        int shareBasisPoints,
        FaultEffect effect,
        Optional<Instant> expires,
        Optional<Mode> mode,
        Position at) {
    public Fault {
        apis = Set.copyOf(apis);
        topics = List.copyOf(topics);
    }

    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
