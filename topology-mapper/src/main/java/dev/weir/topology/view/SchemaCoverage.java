package dev.weir.topology.view;

import java.util.List;

/**
 * Which topics policy guards by a schema, and how much of what is written to them is what it says. Counts are of the window.
 *
 * @param topicsWritten how many topics somebody writes to
 * @param topicsGuarded how many of those a {@code SchemaRule} is about
 * @param records written to all of them
 * @param checked those that were held against a schema
 * @param topics those that are written to or guarded, what needs a look first
 */
public record SchemaCoverage(
        long at,
        long windowMillis,
        int topicsWritten,
        int topicsGuarded,
        long records,
        Edge.Checked checked,
        List<Topic> topics) {

    public SchemaCoverage {
        topics = List.copyOf(topics);
    }

    /**
     * One topic.
     *
     * @param rule the {@code SchemaRule} that guards it; empty when none does, as what follows
     * @param ruleAt file and line
     * @param onViolation {@code reject}, {@code tag}, {@code quarantine} or {@code observe}
     * @param deadLetterTopic where bad records go that are quarantined
     * @param records written to it
     * @param flows by whom
     */
    public record Topic(
            String cluster,
            String topic,
            String team,
            String rule,
            String ruleAt,
            String onViolation,
            String deadLetterTopic,
            long records,
            Edge.Checked checked,
            List<Flow> flows) {

        public Topic {
            flows = List.copyOf(flows);
        }

        public boolean hasRule() {
            return !rule.isEmpty();
        }
    }

    /**
     * Who writes to a topic.
     *
     * @param client a Service, or a principal that is none
     */
    public record Flow(String client, String version, long records, Edge.Checked checked) {}
}
