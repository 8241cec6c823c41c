package dev.weir.policy.model;

import dev.weir.canary.Handover;
import dev.weir.canary.Weight;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Text;
import java.util.List;
import java.util.Optional;

/**
 * A new version of a consumer that is to get a share of the records of some topics.
 *
 * @param owner who answers for it, or empty
 * @param group the consumer group whose work is shared
 * @param topics their names
 * @param stable the clients that keep the group
 * @param canary the clients of the new version
 * @param redirect topics that a shadow may write to; empty for none, and for canaries that are no shadows
 * @param weight the share; empty where steps are named, and of a shadow
 * @param steps empty where a weight is named, and of a shadow
 */
public record Canary(
        String name,
        String owner,
        Text group,
        List<Text> topics,
        Selector stable,
        Selector canary,
        CanaryPolicy.Strategy strategy,
        Optional<CanaryPolicy.Match> match,
        List<Text> redirect,
        Handover handover,
        Optional<Weight> weight,
        List<CanaryPolicy.Step> steps,
        Optional<CanaryPolicy.Gates> gates,
        Position at) {

    public Canary {
        topics = List.copyOf(topics);
        redirect = List.copyOf(redirect);
        steps = List.copyOf(steps);
    }

    /**
     * Some clients of a Service.
     *
     * @param service its name
     * @param version a version of it; empty where client ids are named
     * @param clientIds which of its clients; empty where a version is named
     */
    public record Selector(Text service, Optional<Text> version, Optional<NamePattern> clientIds, Position at) {

        /** The client ids that are meant; empty if there is no such version. */
        public Optional<ClientPattern> pattern(Service declared) {
            return clientIds
                    .map(pattern -> new ClientPattern(pattern, List.of()))
                    .or(() -> declared.versions().stream()
                            .filter(one -> version.filter(name -> name.value().equals(one.name()))
                                    .isPresent())
                            .findFirst()
                            .map(one -> ClientPattern.of(declared, one)));
        }
    }
}
