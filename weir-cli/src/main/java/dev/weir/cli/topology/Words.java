package dev.weir.cli.topology;

import java.util.Locale;

/** Figures as people read them. {@code -1}, which means not known, is a dash. */
public final class Words {
    private static final String UNKNOWN = "-";
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Words() {}

    /** {@code 0}, {@code 0.4/s}, {@code 12/s}, {@code 3.4k/s}. */
    public static String rate(double perSecond) {
        return perSecond == 0 ? "0" : scaled(perSecond) + "/s";
    }

    /** {@code 1.2 kB/s}. */
    static String bytes(double perSecond) {
        if (perSecond == 0) {
            return "0";
        }
        String scaled = scaled(perSecond);
        char last = scaled.charAt(scaled.length() - 1);
        return Character.isLetter(last)
                ? scaled.substring(0, scaled.length() - 1) + " " + last + "B/s"
                : scaled + " B/s";
    }

    static String count(long number) {
        if (number < 0) {
            return UNKNOWN;
        }
        return number < 10_000 ? Long.toString(number) : scaled((double) number);
    }

    private static String scaled(double value) {
        String[] units = {"", "k", "M", "G", "T"};
        int unit = 0;
        double rest = value;
        while (rest >= 1_000 && unit < units.length - 1) {
            rest /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, rest < 10 ? "%.1f%s" : "%.0f%s", rest, units[unit]);
    }

    /** {@code 0}, {@code 40 ms}, {@code 1.5 s}, {@code 3 min 20 s}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
    public static String time(long millis) {
        if (millis < 0) {
            return UNKNOWN;
        }
        if (millis < SECOND) {
            return millis == 0 ? "0" : millis + " ms";
        }
        if (millis < MINUTE) {
            return String.format(Locale.ROOT, millis < 10 * SECOND ? "%.1f s" : "%.0f s", millis / 1_000.0);
        }
        if (millis < HOUR) {
            return two(millis / MINUTE, "min", millis % MINUTE / SECOND, "s");
        }
        return millis < DAY
                ? two(millis / HOUR, "h", millis % HOUR / MINUTE, "min")
                : two(millis / DAY, "d", millis % DAY / HOUR, "h");
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /** {@code 99.95 %} of a share from 0 to 1. */
    public static String percent(double share) {
        return share == -1 ? UNKNOWN : String.format(Locale.ROOT, "%.4g %%", share * 100);
    }
}
