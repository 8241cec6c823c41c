package dev.weir.bench.endtoend;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.bench.endtoend.Results.Metric;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Says what was measured: a table for people, JSON for machines. */
final class Report {
    private final Results results;
    private final List<String> targets;

    Report(Results results, List<String> targets) {
        this.results = results;
        this.targets = targets;
    }

    void print(PrintStream out) {
        out.printf("%n%-52s", "medians");
        targets.forEach(target -> out.printf("%14s", target));
        out.printf("   rounds%n");
        for (Metric metric : results.metrics()) {
            out.printf("%-52s", metric.title);
            targets.forEach(target -> out.printf("%14s", number(results.median(metric, target))));
            out.printf("   %d%s%n", results.rounds(metric), disturbed(metric));
        }
        out.printf("%n%-52s%12s%12s%n", "goals for Weir", "measured", "goal");
        for (Goal goal : Goal.of(results)) {
            out.printf(
                    "%-52s%12s%12s   %s%n",
                    goal.what(),
                    number(goal.measured()),
                    (goal.atMost() ? "<= " : ">= ") + number(goal.limit()),
                    words(goal.verdict()));
        }
    }

    private String disturbed(Metric metric) {
        int rounds = results.disturbed(metric);
        return rounds == 0 ? "" : " (others used the machine in " + rounds + ")";
    }

    private static String words(Goal.Verdict verdict) {
        return switch (verdict) {
            case REACHED -> "reached";
            case FALLS_SHORT -> "FALLS SHORT";
            case NOT_MEASURED -> "not measured";
        };
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }

    void write(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode()
                .put("java", Runtime.version().toString())
                .put("processors", Runtime.getRuntime().availableProcessors());
        ObjectNode metrics = json.putObject("metrics");
        for (Metric metric : results.metrics()) {
            ObjectNode node = metrics.putObject(metric.name().toLowerCase(Locale.ROOT));
            node.put("rounds", results.rounds(metric)).put("disturbed", results.disturbed(metric));
            for (String target : targets) {
                ArrayNode values = node.putArray(target);
                for (double value : results.values(metric, target)) {
                    values.add(value);
                }
            }
        }
        ArrayNode goals = json.putArray("goals");
        for (Goal goal : Goal.of(results)) {
            ObjectNode node = goals.addObject()
                    .put("what", goal.what())
                    .put(goal.atMost() ? "atMost" : "atLeast", goal.limit())
                    .put("verdict", goal.verdict().name());
            if (!Double.isNaN(goal.measured())) {
                node.put("measured", goal.measured());
            }
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    }
}
