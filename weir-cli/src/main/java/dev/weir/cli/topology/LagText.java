package dev.weir.cli.topology;

import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupStatus;
import dev.weir.topology.view.SloView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Groups, the worst first, and objectives; or one group with its partitions and members. */
final class LagText {
    private static final int GROUP = 26;
    private static final int STATUS = 8;
    private static final int RECORDS = 8;
    private static final int TIME = 13;
    private static final int HISTORY = 12;

    private final Ink ink;
    private final Sparkline sparkline;
    private final List<String> lines = new ArrayList<>();

    LagText(Ink ink, Sparkline sparkline) {
        this.ink = ink;
        this.sparkline = sparkline;
    }

    List<String> lines(List<GroupLag> groups, List<SloView> slos) {
        if (groups.isEmpty()) {
            lines.add("No group has been seen yet.");
        } else {
            lines.add(ink.faint(row("group", "status", "records", "late by", "deleted in", "last 2 min")));
            groups.forEach(this::group);
        }
        if (!slos.isEmpty()) {
            lines.add("");
            lines.add(ink.faint(sloRow("objective", "group", "wanted", "in time", "budget left", "alert")));
            slos.forEach(this::slo);
        }
        return lines;
    }

    private void group(GroupLag group) {
        String row = row(
                group.group(),
                word(group.status()),
                Words.count(group.lagRecords()),
                Words.time(group.lagMillis()),
                Words.time(group.headroomMillis()),
                sparkline.of(group.history(), HISTORY));
        lines.add(paint(group.status(), row));
    }

    private static String row(
            String group, String status, String records, String late, String headroom, String history) {
        return (Columns.left(group, GROUP - 1)
                        + " "
                        + Columns.left(status, STATUS)
                        + Columns.right(records, RECORDS)
                        + Columns.right(late, TIME)
                        + Columns.right(headroom, TIME - 2)
                        + "  "
                        + Columns.left(history, HISTORY))
                .stripTrailing();
    }

    private void slo(SloView slo) {
        String budget = slo.attained() < 0 ? "-" : String.format(Locale.ROOT, "%.0f %%", slo.budgetLeft() * 100);
        String row = sloRow(
                slo.name(),
                slo.group(),
                Words.percent(slo.objective()),
                Words.percent(slo.attained()),
                budget,
                slo.alert() == SloView.Alert.NONE ? "" : slo.alert().name());
        lines.add(
                switch (slo.alert()) {
                    case NONE -> row;
                    case TICKET -> ink.warn(row);
                    case PAGE -> ink.bad(row);
                });
    }

    private static String sloRow(
            String name, String group, String wanted, String attained, String budget, String alert) {
        return (Columns.left(name, 21)
                        + " "
                        + Columns.left(group, 17)
                        + Columns.right(wanted, 9)
                        + Columns.right(attained, 11)
                        + Columns.right(budget, 13)
                        + "  "
                        + Columns.left(alert, 6))
                .stripTrailing();
    }

    List<String> lines(GroupLag group) {
        lines.add(ink.bold(Columns.fit(group.group(), 40)) + "  "
                + paint(group.status(), word(group.status())) + "  "
                + Columns.fit(String.join(", ", group.services()), 20) + "  "
                + group.protocol().toLowerCase(Locale.ROOT));
        lines.add("  " + Words.count(group.lagRecords()) + " records, late by " + Words.time(group.lagMillis())
                + " (fetched: " + Words.time(group.fetchLagMillis()) + "); offsets: " + Words.count(group.offsetLag()));
        lines.add("");
        lines.add(ink.faint(partitionRow("partition", "status", "committed", "end", "records", "late by", "member")));
        group.partitions()
                .forEach(partition -> lines.add(paint(
                        partition.status(),
                        partitionRow(
                                partition.topic() + "/" + partition.partition(),
                                word(partition.status()),
                                offset(partition.committedOffset()),
                                offset(partition.endOffset()),
                                Words.count(partition.lagRecords()),
                                Words.time(partition.lagMillis()),
                                partition.member()))));
        lines.add("");
        if (group.members().isEmpty()) {
            lines.add("  It has no members now.");
        }
        group.members()
                .forEach(member -> lines.add("  "
                        + Columns.left(member.clientId(), 30)
                        + " "
                        + Columns.left((member.service() + " " + member.version()).strip(), 20)
                        + " "
                        + Columns.fit(member.source(), 24)));
        return lines;
    }

    private static String partitionRow(
            String partition, String status, String committed, String end, String records, String late, String member) {
        return (Columns.left(partition, 20)
                        + " "
                        + Columns.left(status, STATUS)
                        + Columns.right(committed, 10)
                        + Columns.right(end, 10)
                        + Columns.right(records, 8)
                        + Columns.right(late, 12)
                        + " "
                        + Columns.fit(member, 10))
                .stripTrailing();
    }

    private static String offset(long offset) {
        return offset < 0 ? "-" : Long.toString(offset);
    }

    private static String word(GroupStatus status) {
        return status == GroupStatus.UNKNOWN ? "-" : status.name();
    }

    private String paint(GroupStatus status, String text) {
        return switch (status) {
            case UNKNOWN, OK -> text;
            case WARN, REWOUND -> ink.warn(text);
            case STALLED, STOPPED -> ink.bad(text);
        };
    }
}
