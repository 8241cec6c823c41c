package dev.weir.policy.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects the mistakes of one reading, so that all of them are reported at once. Not for more than one thread.
 *
 * <p>A reader that has reported a problem goes on with a placeholder (an empty text, an empty list, the fallback):
 * what it returns counts only while {@link #isEmpty()}.
 */
public final class Problems {
    /** More than anybody reads; a hostile file cannot make the list longer. */
    public static final int MAX = 1_000;

    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparing(Problem::file).thenComparingInt(Problem::line).thenComparingInt(Problem::column);

    private final List<Problem> list = new ArrayList<>();

    public void add(Problem problem) {
        if (list.size() < MAX) {
            list.add(problem);
        }
    }

    public void add(Position at, String message) {
        add(new Problem(at, message, "", ""));
    }

    public void add(Position at, String message, String found, String expected) {
        add(new Problem(at, message, found, expected));
    }

    /**
     * A name that is none of those that exist.
     *
     * @param what the kind of name, such as {@code key} or {@code service}
     */
    public void addUnknown(String what, Text found, Iterable<String> known) {
        String suggestion = Nearest.of(found.value(), known)
                .map(name -> "; did you mean \"" + name + "\"?")
                .orElse("");
        add(found.at(), "unknown " + what + suggestion, YamlValue.quoted(found.value()), YamlValue.oneOf(known));
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    public int count() {
        return list.size();
    }

    /** All of them, by file, line and column. */
    public List<Problem> all() {
        return list.stream().sorted(BY_PLACE).toList();
    }
}
