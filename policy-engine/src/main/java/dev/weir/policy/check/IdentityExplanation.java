package dev.weir.policy.check;

import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Mode;
import dev.weir.policy.yaml.Position;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who somebody is, and why.
 *
 * @param services the Services that its identities belong to: none, one, or more, which is refused
 * @param matches the identities by which it is that
 * @param nearMisses identities that it nearly has, the nearest first; only where it is not one Service
 * @param rights the rules about it, in the order of the files; none where it is refused for being several
 * @param told what records that it writes tell of it, in the order of the files; none where it is refused
 */
public record IdentityExplanation(
        Set<String> services, List<Match> matches, List<NearMiss> nearMisses, List<Right> rights, List<Told> told) {

    public IdentityExplanation {
        services = Set.copyOf(services);
        matches = List.copyOf(matches);
        nearMisses = List.copyOf(nearMisses);
        rights = List.copyOf(rights);
        told = List.copyOf(told);
    }

    /** An identity of a Service that fits. */
    public record Match(String service, String identity, Position at) {}

    /**
     * An identity of a Service that does not fit.
     *
     * @param reason in what
     */
    public record NearMiss(String service, String identity, Position at, String reason) {}

    /**
     * What one rule says about it.
     *
     * @param admin whether it is a power over the cluster or what is in it: the rule of an {@code AdminAccess}
     * @param names what it is about: {@code topic orders}, {@code group payments*}
     * @param conditional whether it depends on how, from where or when it comes
     * @param expired whether it does not count any more
     */
    public record Right(
            String rule,
            Position at,
            Effect effect,
            Mode mode,
            boolean admin,
            List<String> actions,
            List<String> names,
            boolean conditional,
            boolean expired) {
        public Right {
            actions = List.copyOf(actions);
            names = List.copyOf(names);
        }
    }

    /**
     * What records of some topics tell their consumers, by an {@code IdentityPropagation}.
     *
     * @param topics names and prefixes, as policy writes them
     * @param mode in dry-run, nothing is told
     * @param signed whether a signature proves it
     */
    public record Told(String document, Position at, List<String> topics, Mode mode, boolean signed) {
        public Told {
            topics = List.copyOf(topics);
        }
    }

    /** The one Service that it is. */
    public Optional<String> service() {
        return services.size() == 1 ? services.stream().findFirst() : Optional.empty();
    }
}
