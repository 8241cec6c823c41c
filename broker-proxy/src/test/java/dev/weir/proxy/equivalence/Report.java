package dev.weir.proxy.equivalence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.ApiKeys;

/** The table of what was tried, in Markdown. */
final class Report {
    private Report() {}

    static void write(Path file, List<Row> rows) throws IOException {
        StringBuilder text = new StringBuilder("# Kafka as the oracle\n\n")
                .append(rows.size())
                .append(" rows: each API, in each version, as three users, at the broker and through Weir.\n\n")
                .append("| API | versions | cases | rows | result | intended difference |\n")
                .append("| --- | --- | --- | --- | --- | --- |\n");
        Map<ApiKeys, List<Row>> byApi =
                rows.stream().collect(Collectors.groupingBy(Row::api, TreeMap::new, Collectors.toList()));
        byApi.forEach((api, tried) -> text.append(line(api, tried)));
        text.append("\n## Intended differences\n\n");
        IntendedDifference.ALL.forEach(difference -> text.append("- ")
                .append(difference.what())
                .append(": ")
                .append(difference.reason())
                .append(" (")
                .append(difference.answers())
                .append(")\n"));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
    }

    private static String line(ApiKeys api, List<Row> rows) {
        String intended = rows.stream()
                .filter(row -> !row.isSame())
                .flatMap(IntendedDifference::of)
                .map(IntendedDifference::what)
                .distinct()
                .collect(Collectors.joining(", "));
        long differ = rows.stream()
                .filter(row ->
                        !row.isSame() && IntendedDifference.of(row).findAny().isEmpty())
                .count();
        String versions = rows.stream().mapToInt(Row::version).min().orElseThrow() + " to "
                + rows.stream().mapToInt(Row::version).max().orElseThrow();
        String cases = rows.stream().map(row -> row.tried().name()).distinct().collect(Collectors.joining(", "));
        return "| " + api + " | " + versions + " | " + cases + " | " + rows.size() + " | "
                + (differ == 0 ? "same" : differ + " differ") + " | " + intended + " |\n";
    }
}
