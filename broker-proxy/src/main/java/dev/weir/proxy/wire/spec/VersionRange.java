package dev.weir.proxy.wire.spec;

/**
 * The versions for which something in a spec holds, both ends included: {@code 3-7}, {@code 5}, {@code 4+} or
 * {@code none}.
 */
public record VersionRange(int lowest, int highest) {

    public static final VersionRange NONE = new VersionRange(0, -1);

    public static VersionRange parse(String text) {
        String trimmed = text.trim();
        if (trimmed.equals("none")) {
            return NONE;
        }
        if (trimmed.endsWith("+")) {
            return new VersionRange(number(text, trimmed.substring(0, trimmed.length() - 1)), Short.MAX_VALUE);
        }
        int dash = trimmed.indexOf('-');
        if (dash < 0) {
            int only = number(text, trimmed);
            return new VersionRange(only, only);
        }
        return new VersionRange(number(text, trimmed.substring(0, dash)), number(text, trimmed.substring(dash + 1)));
    }

    private static int number(String range, String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a version range: \"" + range + "\"", e);
        }
    }

    public boolean contains(int version) {
        return version >= lowest && version <= highest;
    }

    public boolean isEmpty() {
        return highest < lowest;
    }
}
