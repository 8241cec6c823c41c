package dev.weir.cli.topology;

import java.util.List;

/** A row of figures as a row of characters. */
final class Sparkline {
    private static final String BLOCKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
    private static final String ASCII = "_.-:=+*#";

    private final String levels;

    /** @param unicode whether the terminal shows block elements */
    Sparkline(boolean unicode) {
        this.levels = unicode ? BLOCKS : ASCII;
    }

    /** The newest values, right-aligned; the highest sets the scale, 0 is the lowest level, -1 a gap. */
    String of(List<Long> values, int width) {
        List<Long> shown = values.subList(Math.max(0, values.size() - width), values.size());
        long highest = shown.stream().mapToLong(Long::longValue).max().orElse(0);
        StringBuilder line = new StringBuilder(" ".repeat(width - shown.size()));
        for (long value : shown) {
            line.append(value < 0 ? ' ' : levels.charAt(level(value, highest)));
        }
        return line.toString();
    }

    private int level(long value, long highest) {
        return value == 0 ? 0 : (int) Math.max(1, (levels.length() - 1) * value / highest);
    }
}
