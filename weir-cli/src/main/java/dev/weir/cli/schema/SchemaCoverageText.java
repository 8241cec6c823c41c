package dev.weir.cli.schema;

import dev.weir.cli.topology.Columns;
import dev.weir.cli.topology.Words;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.SchemaCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which topics are guarded, in lines for people. */
final class SchemaCoverageText {
    private static final int WIDTH = 80;
    private static final String INDENT = "     ";
    private static final int NAME = 30;
    private static final int NUMBER = 8;

    private SchemaCoverageText() {}

    static List<String> lines(SchemaCoverage coverage) {
        List<String> lines = new ArrayList<>();
        lines.add(coverage.topicsGuarded() + " of " + coverage.topicsWritten()
                + " topics that are written to are guarded by a schema");
        Edge.Checked all = coverage.checked();
        lines.add(
                all.checked() == 0
                        ? "no record was checked in the last " + Words.time(coverage.windowMillis())
                        : Words.percent(all.validShare()) + " of " + all.checked()
                                + " records that were checked are valid, in the last "
                                + Words.time(coverage.windowMillis()));
        for (SchemaCoverage.Topic topic : coverage.topics()) {
            lines.add("");
            lines.add(Columns.fit(topic.topic() + "  " + guard(topic), WIDTH));
            for (SchemaCoverage.Flow flow : topic.flows()) {
                lines.add(row(flow));
                lines.addAll(reasons(flow.checked()));
            }
        }
        return lines;
    }

    private static String guard(SchemaCoverage.Topic topic) {
        if (!topic.hasRule()) {
            return "not guarded";
        }
        String where = topic.deadLetterTopic().isEmpty() ? "" : " to " + topic.deadLetterTopic();
        return topic.onViolation() + where + ", by " + topic.rule() + " (" + topic.ruleAt() + ")";
    }

    private static String row(SchemaCoverage.Flow flow) {
        String name = "  <- " + Columns.left((flow.client() + " " + flow.version()).strip(), NAME);
        Edge.Checked checked = flow.checked();
        return checked.checked() == 0
                ? name.stripTrailing()
                : name
                        + Columns.right(Long.toString(checked.checked()), NUMBER)
                        + " checked"
                        + Columns.right(Long.toString(checked.invalid()), NUMBER)
                        + " bad  "
                        + Words.percent(checked.validShare())
                        + " valid";
    }

    /** What is wrong with the bad ones, the most frequent first, in as many lines as that takes. */
    private static List<String> reasons(Edge.Checked checked) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (Map.Entry<String, Long> reason : checked.reasons().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .toList()) {
            String said = reason.getKey() + " " + reason.getValue();
            if (line.isEmpty()) {
                line = INDENT + said;
            } else if (line.length() + 2 + said.length() < WIDTH) {
                line += ", " + said;
            } else {
                lines.add(line + ",");
                line = INDENT + said;
            }
        }
        if (!line.isEmpty()) {
            lines.add(line);
        }
        return lines;
    }
}
