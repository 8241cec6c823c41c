package dev.weir.policy.model;

/**
 * A name, or all names with a prefix. Written as the name, or as the prefix with {@code *} at its end; {@code \*} at
 * the end is a literal asterisk.
 *
 * @param text the name or the prefix, without the asterisk
 * @param prefix whether all names that start with {@code text} are meant; the empty prefix means every name
 */
public record NamePattern(String text, boolean prefix) {

    public static NamePattern parse(String written) {
        if (written.endsWith("\\*")) {
            return new NamePattern(written.substring(0, written.length() - 2) + "*", false);
        }
        return written.endsWith("*")
                ? new NamePattern(written.substring(0, written.length() - 1), true)
                : new NamePattern(written, false);
    }

    public boolean matches(String name) {
        return prefix ? name.startsWith(text) : name.equals(text);
    }

    /** Whether every name that {@code other} matches is matched by this one too. */
    public boolean covers(NamePattern other) {
        return prefix ? other.text.startsWith(text) : equals(other);
    }

    public boolean isEverything() {
        return prefix && text.isEmpty();
    }

    @Override
    public String toString() {
        if (prefix) {
            return text + "*";
        }
        return text.endsWith("*") ? text.substring(0, text.length() - 1) + "\\*" : text;
    }
}
