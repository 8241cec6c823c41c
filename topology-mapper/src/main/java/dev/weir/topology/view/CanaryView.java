package dev.weir.topology.view;

import java.util.List;

/**
 * A canary of policy, and how far it is. Weights are shares from 0 to 1; -1 stands for what is not known.
 *
 * @param owner who answers for it, or empty
 * @param topics whose records are shared
 * @param reason who or which gate brought it to this phase and why, or what it waits for; may be empty
 * @param strategy how it shares, as policy says: {@code slice}, {@code match}, {@code partition} or {@code shadow}
 * @param owned partitions that are the canary's by the weight in force, as many as there were at its last change; only where it owns
 *     whole partitions
 * @param weight that is wanted
 * @param weightInForce that new records have
 * @param changing whether a change of the weight is under way
 * @param steps of the plan; one with -1 as its hold where policy names a weight alone; none of a shadow, which has no weight
 * @param step the present one, or where it was left, from 0 on; -1 before it has begun
 * @param sinceMillis when this phase began
 * @param untilMillis when the hold of the present step is over; -1 where it has no end, or nothing holds
 * @param gates what the canary has to hold
 * @param records that the canary processed in this phase, and {@code recordsMin} how many it takes before it is judged
 * @param onFailure {@code abort} or {@code pause}; empty without gates
 * @param history the weights that were in force, oldest first
 * @param events what happened, the newest first
 * @param bypassing members of its groups that come to brokers around Weir: its weight is not raised while there are any
 * @param controllerMillis when a controller of canaries was last heard
 */
public record CanaryView(
        String name,
        String owner,
        List<String> topics,
        Phase phase,
        String reason,
        String strategy,
        List<OwnedPartitions> owned,
        double weight,
        double weightInForce,
        boolean changing,
        List<Step> steps,
        int step,
        long sinceMillis,
        long untilMillis,
        Version stable,
        Version canary,
        List<Gate> gates,
        long records,
        long recordsMin,
        String onFailure,
        List<WeightChange> history,
        List<Event> events,
        List<Bypass> bypassing,
        long controllerMillis) {

    public CanaryView {
        topics = List.copyOf(topics);
        owned = owned == null ? List.of() : List.copyOf(owned); // one of a version before says nothing of them
        steps = List.copyOf(steps);
        gates = List.copyOf(gates);
        history = List.copyOf(history);
        events = List.copyOf(events);
        bypassing = List.copyOf(bypassing);
    }

    /** Where it is. */
    public enum Phase {
        /** No controller has begun it. */
        NEW,
        /** The weight of its step is wanted and not in force yet. */
        WAITING,
        HOLDING,
        PAUSED,
        PROMOTED,
        ABORTED,
        /** All its steps are over. */
        DONE,
        /** It reads everything, and nothing that it does reaches anybody else. */
        SHADOWING
    }

    /**
     * What a canary has of a topic.
     *
     * @param partitions that are its own, ascending
     * @param count how many partitions the topic has
     */
    public record OwnedPartitions(String topic, List<Integer> partitions, int count) {
        public OwnedPartitions {
            partitions = List.copyOf(partitions);
        }
    }

    /**
     * A weight, and for how long it holds at least.
     *
     * @param holdMillis -1 when it has no end
     */
    public record Step(double weight, long holdMillis) {}

    /**
     * One version, and how it does.
     *
     * @param clients which of the Service's, as policy says
     * @param group the consumer group that it works in
     * @param lagRecords records that are not committed, and {@code lagMillis} the age of the oldest
     * @param errorShare of its requests, 0 to 1, as {@code deadLetterShare} of its records
     * @param processingMillis for how long the oldest record that it was handed is not committed
     * @param rebalances of its group since the phase began, up to an hour back, but for those by which it came up; -1 while it does
     */
    public record Version(
            String service,
            String clients,
            String group,
            int members,
            double recordsPerSecond,
            long lagRecords,
            long lagMillis,
            double errorShare,
            double deadLetterShare,
            double processingMillis,
            int rebalances) {}

    /**
     * A limit.
     *
     * @param figure {@code timeLag} and {@code processingTime} in milliseconds, {@code errorShare} and {@code deadLetterShare} from 0 to 1,
     *     {@code rebalances} as a number
     * @param canary what was measured of the canary
     */
    public record Gate(String figure, double limit, double canary, State state) {
        /** Whether it is held. */
        public enum State {
            HELD,
            BROKEN,
            UNKNOWN
        }
    }

    /** A weight that came into force. */
    public record WeightChange(long atMillis, double weight) {}

    /**
     * Something that happened.
     *
     * @param by who, where it was somebody
     */
    public record Event(long atMillis, String what, String by) {}

    /**
     * A member of one of its groups that no proxy has seen.
     *
     * @param host as brokers see it
     */
    public record Bypass(String group, String clientId, String host, String memberId) {}
}
