package dev.weir.policy.decide;

import dev.weir.canary.Buckets;
import dev.weir.canary.Handover;
import dev.weir.canary.Matching;
import dev.weir.canary.Scope;
import dev.weir.canary.Shadow;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.WholePartitions;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A new version of a consumer that is to get a share of the records of some topics.
 *
 * @param rule the document that says so
 * @param owner who answers for it, or empty
 * @param group the consumer group whose work is shared
 * @param canaryGroup the group that its canary side really works in
 * @param topics their names; never empty
 * @param stable the clients that keep the group
 * @param canary the clients of the new version; no client is both
 * @param match which records are the canary's, of {@link Strategy#MATCH} only
 * @param redirect topics that a shadow may write to, as it calls them; of {@link Strategy#SHADOW} only
 * @param weight the share that holds until somebody changes it; empty where {@code steps} are named, and of a shadow
 * @param steps in the order in which they are taken, each with more weight; empty where {@code weight} is named, and of a shadow
 * @param gates what has to hold for steps to go on; only with steps
 */
public record CanaryPolicy(
        RuleRef rule,
        String name,
        String owner,
        String group,
        String canaryGroup,
        Set<String> topics,
        ClientSelector stable,
        ClientSelector canary,
        Strategy strategy,
        Optional<Match> match,
        Set<String> redirect,
        Handover handover,
        Optional<Weight> weight,
        List<Step> steps,
        Optional<Gates> gates) {

    public CanaryPolicy {
        topics = Set.copyOf(topics);
        redirect = Set.copyOf(redirect);
        steps = List.copyOf(steps);
    }

    /** What it shares. */
    public Scope scope() {
        return new Scope(
                group,
                canaryGroup,
                List.copyOf(topics),
                buckets(),
                stable.clients(),
                canary.clients(),
                strategy == Strategy.SHADOW ? new Shadow(List.copyOf(redirect)) : null);
    }

    private Buckets buckets() {
        return strategy == Strategy.PARTITION
                ? new WholePartitions()
                : match.map(Match::buckets).orElseGet(() -> new Slices(name));
    }

    /** How work is shared. */
    public enum Strategy {
        /** By the hash of a record's key. */
        SLICE,
        /** Both sides get all records, and what the canary does reaches nobody else. */
        SHADOW,
        /** By the number of its partition. */
        PARTITION,
        /** By what a record says: a header or a list of keys. */
        MATCH
    }

    /** Which records are the canary's. */
    public sealed interface Match {
        /** Tells them from the others. */
        Buckets buckets();

        /** Those with one of some keys. */
        record Keys(Set<String> keys) implements Match {
            public Keys {
                keys = Set.copyOf(keys);
            }

            @Override
            public Buckets buckets() {
                return Matching.keys(keys);
            }
        }

        /** Those with a header that has one of some values. */
        record Header(String name, Set<String> values) implements Match {
            public Header {
                values = Set.copyOf(values);
            }

            @Override
            public Buckets buckets() {
                return Matching.header(name, values);
            }
        }
    }

    /**
     * A weight, and for how long it has to go well.
     *
     * @param hold empty for the last step, if it names none
     */
    public record Step(Weight weight, Optional<Duration> hold) {}

    /**
     * What has to hold of the canary for its steps to go on.
     *
     * @param timeLag how late it may be
     * @param errorShare how much of its requests may be answered with an error, from 0 to 1
     * @param deadLetterShare how many of its records may go to a dead-letter topic, from 0 to 1
     * @param processingTime how long it may take over a record
     * @param rebalances how often its group may be rebalanced in a step once it has come up, counted up to an hour back
     * @param records the fewest records of the canary before a gate may judge
     */
    public record Gates(
            Optional<Duration> timeLag,
            Optional<BigDecimal> errorShare,
            Optional<BigDecimal> deadLetterShare,
            Optional<Duration> processingTime,
            OptionalInt rebalances,
            long records,
            OnFailure onFailure) {}

    /** What becomes of a canary whose gate does not hold. */
    public enum OnFailure {
        /** Its weight goes to 0. */
        ABORT,
        /** It stays where it is until somebody decides. */
        PAUSE
    }
}
