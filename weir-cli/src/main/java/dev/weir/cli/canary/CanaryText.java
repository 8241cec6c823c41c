package dev.weir.cli.canary;

import dev.weir.canary.rollout.Figure;
import dev.weir.cli.topology.Columns;
import dev.weir.cli.topology.Words;
import dev.weir.topology.view.CanaryView;
import dev.weir.topology.view.CanaryView.Gate;
import dev.weir.topology.view.CanaryView.Phase;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Canaries in lines of at most 80 characters. */
final class CanaryText {
    private static final int NAME = 18;
    private static final int STATE = 29;
    private static final int LABEL = 15;
    private static final int COLUMN = 21;
    private static final int WIDTH = 80;
    private static final int EVENTS_MAX = 10;
    private static final int BYPASSING_MAX = 5;
    private static final long SILENT_MILLIS = 15_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT);

    private final long nowMillis;

    CanaryText(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    List<String> list(List<CanaryView> canaries) {
        if (canaries.isEmpty()) {
            return List.of("Policy has no canary. A document of kind Canary makes one.");
        }
        List<String> lines = new ArrayList<>();
        lines.add(row("canary", "state", "weight", "stable late", "canary late"));
        for (CanaryView canary : canaries) {
            lines.add(row(
                    canary.name(),
                    state(canary),
                    percent(canary.weightInForce()),
                    Words.time(canary.stable().lagMillis()),
                    Words.time(canary.canary().lagMillis())));
        }
        canaries.stream().filter(this::isSilent).findFirst().ifPresent(canary -> lines.add(silence(canary)));
        return lines;
    }

    private static String row(String name, String state, String weight, String stable, String canary) {
        return (Columns.left(name, NAME) + " " + Columns.left(state, STATE) + " " + Columns.right(weight, 7) + " "
                        + Columns.right(stable, 11) + " " + Columns.right(canary, 11))
                .stripTrailing();
    }

    List<String> status(CanaryView canary) {
        List<String> lines = new ArrayList<>();
        lines.add(Columns.fit(
                canary.name() + (canary.owner().isEmpty() ? "" : "  (" + canary.owner() + ")") + "  " + state(canary),
                WIDTH));
        List<String> reason = new ArrayList<>();
        wrap(canary.reason(), WIDTH - 2, reason);
        reason.forEach(line -> lines.add("  " + line));
        if (isSilent(canary)) {
            lines.add(silence(canary));
        }
        canary.bypassing().stream()
                .limit(BYPASSING_MAX)
                .forEach(one -> fact(
                        "around Weir",
                        "client id " + one.clientId() + " at " + one.host() + " in " + one.group(),
                        lines));
        if (canary.bypassing().size() > BYPASSING_MAX) {
            fact("", canary.bypassing().size() - BYPASSING_MAX + " more", lines);
        }
        fact("topics", String.join(", ", canary.topics()), lines);
        if (!canary.steps().isEmpty()) {
            moves(canary, lines);
        }
        lines.add("");
        versions(canary, lines);
        if (!canary.events().isEmpty()) {
            lines.add("");
            canary.events().stream().limit(EVENTS_MAX).forEach(event -> event(event, lines));
        }
        return lines;
    }

    private static void event(CanaryView.Event event, List<String> lines) {
        String time = TIME.format(Instant.ofEpochMilli(event.atMillis()).atZone(ZoneId.systemDefault())) + "  ";
        hang(time, event.what() + (event.by().isEmpty() ? "" : ", by " + event.by()), lines);
    }

    /** The weight, and the steps that it takes; a shadow has neither. */
    private void moves(CanaryView canary, List<String> lines) {
        fact("weight", weight(canary), lines);
        canary.owned().forEach(topic -> fact("partitions", owned(topic), lines));
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < canary.steps().size(); i++) {
            CanaryView.Step step = canary.steps().get(i);
            steps.add((i == canary.step() ? "now " : "")
                    + percent(step.weight())
                    + (step.holdMillis() < 0 ? "" : " for " + Words.time(step.holdMillis())));
        }
        fact("steps", String.join(", ", steps), lines);
    }

    private static String owned(CanaryView.OwnedPartitions topic) {
        String which = topic.partitions().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return topic.partitions().size() + " of " + topic.count() + " of " + topic.topic()
                + (which.isEmpty() ? "" : ": " + which);
    }

    private static void versions(CanaryView canary, List<String> lines) {
        CanaryView.Version stable = canary.stable();
        CanaryView.Version other = canary.canary();
        cells("", "stable", "canary", "gate", lines);
        cells("clients", clients(stable), clients(other), "", lines);
        cells("group", stable.group(), other.group(), "", lines);
        cells("members", count(stable.members()), count(other.members()), "", lines);
        String judged = canary.recordsMin() > 0 ? canary.records() + " of " + canary.recordsMin() : "";
        cells("records", rate(stable), rate(other), judged, lines);
        figure("late by", Words.time(stable.lagMillis()), Words.time(other.lagMillis()), canary, "timeLag", lines);
        figure("errors", percent(stable.errorShare()), percent(other.errorShare()), canary, "errorShare", lines);
        figure(
                "dead letters",
                percent(stable.deadLetterShare()),
                percent(other.deadLetterShare()),
                canary,
                "deadLetterShare",
                lines);
        figure(
                "processing",
                Words.time((long) stable.processingMillis()),
                Words.time((long) other.processingMillis()),
                canary,
                "processingTime",
                lines);
        figure(
                "rebalances",
                count(stable.rebalances()),
                count(other.rebalances()),
                canary,
                Figure.REBALANCES.key(),
                lines);
    }

    private static void figure(
            String label, String stable, String other, CanaryView canary, String figure, List<String> lines) {
        cells(label, stable, other, gate(canary, figure), lines);
    }

    private static String rate(CanaryView.Version version) {
        return version.recordsPerSecond() < 0 ? "-" : Words.rate(version.recordsPerSecond());
    }

    private static String count(int number) {
        return number < 0 ? "-" : Integer.toString(number);
    }

    private static String clients(CanaryView.Version version) {
        return version.service() + " " + version.clients();
    }

    private static String gate(CanaryView canary, String figure) {
        for (Gate gate : canary.gates()) {
            if (gate.figure().equals(figure)) {
                String limit = figure.endsWith("Share")
                        ? percent(gate.limit())
                        : figure.equals(Figure.REBALANCES.key())
                                ? count((int) gate.limit())
                                : Words.time((long) gate.limit());
                return "max " + limit + " "
                        + switch (gate.state()) {
                            case HELD -> "held";
                            case BROKEN -> "NOT HELD";
                            case UNKNOWN -> "unknown";
                        };
            }
        }
        return "";
    }

    private String state(CanaryView canary) {
        String step = canary.step() + 1 + " of " + canary.steps().size();
        return switch (canary.phase()) {
            case NEW -> "not begun";
            case SHADOWING -> "shadow";
            case WAITING -> "waits for step " + step;
            case HOLDING -> "step " + step + left(canary);
            case PAUSED -> "PAUSED at step " + step;
            case PROMOTED -> "promoted";
            case ABORTED -> "ABORTED";
            case DONE -> "done";
        };
    }

    private String left(CanaryView canary) {
        return canary.untilMillis() < 0
                ? ""
                : ", " + Words.time(Math.max(0, canary.untilMillis() - nowMillis)) + " left";
    }

    private String weight(CanaryView canary) {
        String since =
                canary.sinceMillis() < 0 ? "" : ", for " + Words.time(Math.max(0, nowMillis - canary.sinceMillis()));
        String wanted = canary.phase() == Phase.NEW || canary.weight() == canary.weightInForce()
                ? ""
                : "; " + percent(canary.weight()) + " is wanted"
                        + (canary.changing() ? ", and the change is under way" : "");
        String what = canary.strategy().equals("partition") ? " of partitions" : " of keys";
        return percent(canary.weightInForce()) + what + since + wanted;
    }

    private boolean isSilent(CanaryView canary) {
        return nowMillis - canary.controllerMillis() > SILENT_MILLIS;
    }

    private String silence(CanaryView canary) {
        return "Nothing moves: no controller of canaries has been heard"
                + (canary.controllerMillis() < 0 ? "" : " for " + Words.time(nowMillis - canary.controllerMillis()))
                + ".";
    }

    private static String percent(double share) {
        return share < 0
                ? "-"
                : BigDecimal.valueOf(share)
                                .movePointRight(2)
                                .setScale(2, RoundingMode.HALF_UP)
                                .stripTrailingZeros()
                                .toPlainString()
                        + " %";
    }

    private static void fact(String label, String text, List<String> lines) {
        hang("  " + Columns.left(label, LABEL - 2), text, lines);
    }

    /** A text behind what it begins with, in as many lines as it needs. */
    private static void hang(String begin, String text, List<String> lines) {
        List<String> said = new ArrayList<>();
        wrap(text, WIDTH - begin.length(), said);
        for (int i = 0; i < said.size(); i++) {
            lines.add((i == 0 ? begin : " ".repeat(begin.length())) + said.get(i));
        }
    }

    /** Cells beside each other; what is too long goes on below. */
    private static void cells(String label, String stable, String canary, String gate, List<String> lines) {
        List<List<String>> columns = new ArrayList<>();
        for (String text : List.of(stable, canary, gate)) {
            List<String> column = new ArrayList<>();
            wrap(text, COLUMN, column);
            columns.add(column);
        }
        int height = columns.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < height; i++) {
            StringBuilder line = new StringBuilder("  ").append(Columns.left(i == 0 ? label : "", LABEL - 2));
            for (List<String> column : columns) {
                line.append(Columns.left(i < column.size() ? column.get(i) : "", COLUMN))
                        .append(' ');
            }
            lines.add(line.toString().stripTrailing());
        }
    }

    /** In lines of this width at most; words that are longer go on in the next line. */
    private static void wrap(String text, int width, List<String> lines) {
        StringBuilder line = new StringBuilder();
        for (String word : Columns.clean(text).split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
            while (line.length() > width) {
                lines.add(line.substring(0, width));
                line.delete(0, width);
            }
        }
        if (!line.toString().isBlank()) {
            lines.add(line.toString());
        }
    }
}
