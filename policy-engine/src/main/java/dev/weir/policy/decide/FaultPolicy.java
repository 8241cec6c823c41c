package dev.weir.policy.decide;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fault on purpose: what is done to a share of the requests of a Service.
 *
 * @param rule the document that says so; its id is the fault's name
 * @param service whose requests
 * @param clientId of which client ids, as policy writes it; empty for all
 * @param shareBasisPoints of how many, in hundredths of a percent, from 1 to {@value #ALL_BASIS_POINTS}
 * @param apis of which; empty for all
 * @param topics which of them a request has to name; empty for any request
 * @param dryRun whether it is only counted
 * @param expires when it ends by itself; {@code null} for never
 */
public record FaultPolicy(
        RuleRef rule,
        String service,
        String clientId,
        FaultEffect effect,
        int shareBasisPoints,
        Set<FaultApi> apis,
        TopicTable<Boolean> topics,
        boolean dryRun,
        @Nullable Instant expires) {
    public static final int ALL_BASIS_POINTS = 10_000;

    public FaultPolicy {
        apis = Set.copyOf(apis);
    }

    /** Its name. */
    public String name() {
        return rule.id();
    }

    /** Whether it may be about a request of the API. */
    public boolean concerns(short apiKey) {
        if (apis.isEmpty()) {
            return true;
        }
        FaultApi api = FaultApi.of(apiKey);
        return api != null && apis.contains(api);
    }

    /** Whether it is about what a request does with the topic. */
    public boolean concerns(String topic) {
        return topics.isEmpty() || topics.find(topic) != null;
    }
}
