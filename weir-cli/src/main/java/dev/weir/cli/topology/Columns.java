package dev.weir.cli.topology;

/** Text that stays within its column: names come from outside, so that they may be long, or hold control characters. */
public final class Columns {
    /** What a terminal has at least. */
    static final int WIDTH = 80;

    private Columns() {}

    public static String left(String text, int width) {
        String shown = fit(text, width);
        return shown + " ".repeat(width - shown.length());
    }

    public static String right(String text, int width) {
        String shown = fit(text, width);
        return " ".repeat(width - shown.length()) + shown;
    }

    /** At most so many characters; what is cut shows as {@code ..} in its middle, since names differ at their ends. */
    public static String fit(String text, int width) {
        String clean = clean(text);
        if (clean.length() <= width) {
            return clean;
        }
        int tail = (width - 2) / 2;
        return clean.substring(0, width - 2 - tail) + ".." + clean.substring(clean.length() - tail);
    }

    /** Without characters that a terminal would obey. */
    public static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            clean.append(Character.isISOControl(letter) ? '?' : letter);
        }
        return clean.toString();
    }
}
