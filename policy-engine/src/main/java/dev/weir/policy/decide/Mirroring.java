package dev.weir.policy.decide;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of a topic go as well, once their broker has taken them.
 *
 * @param rule the document that says so; its id is the mirror's name
 * @param selection which of them
 * @param create how the other topic is made where it is missing; {@code null} when it has to be there
 * @param uncommitted whether records of transactions go, too, before it is known whether those commit
 */
public record Mirroring(
        RuleRef rule,
        Target target,
        Selection selection,
        @Nullable Creation create,
        boolean uncommitted) {

    /** The name of the mirror. */
    public String name() {
        return rule.id();
    }

    /**
     * Another topic.
     *
     * @param cluster of {@code weir.yaml}; {@code null} for the one that the records are written to
     * @param topic its name, in which {@value #SOURCE} stands for that of the topic that is mirrored
     */
    public record Target(@Nullable String cluster, String topic) {
        /** Stands for the name of the topic that is mirrored. */
        public static final String SOURCE = "{topic}";

        public String topicOf(String source) {
            return topic.replace(SOURCE, source);
        }

        /** Whether it is about records of a cluster: with a cluster of its own, only about those of others. */
        public boolean isFrom(String source) {
            return !source.equals(cluster);
        }
    }

    /** Which records. */
    public sealed interface Selection {
        /** Every one. */
        record All() implements Selection {}

        /**
         * Those of a share of the keys: of a key all, or none.
         *
         * @param basisPoints hundredths of a percent, from 1 to 9,999
         */
        record Share(int basisPoints) implements Selection {}

        /**
         * Those with a header that has one of the values.
         *
         * @param values UTF-8; the record's last header with the name counts
         */
        record Header(String name, Set<String> values) implements Selection {
            public Header {
                values = Set.copyOf(values);
            }
        }
    }

    /**
     * A topic that is to be made.
     *
     * @param partitions 0 for as many as the topic has that is mirrored
     * @param replicationFactor 0 for what brokers do by themselves
     */
    public record Creation(int partitions, int replicationFactor) {}
}
