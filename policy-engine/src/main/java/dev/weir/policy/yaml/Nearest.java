package dev.weir.policy.yaml;

import java.util.Locale;
import java.util.Optional;

/** Finds the existing name that somebody most likely meant. */
public final class Nearest {
    private static final int LENGTH_MAX = 128;

    private Nearest() {}

    /** The nearest of the known names, if one is near enough to be worth naming. */
    public static Optional<String> of(String name, Iterable<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        int distanceBest = Math.max(1, Math.min(4, wanted.length() / 3)) + 1;
        Optional<String> best = Optional.empty();
        for (String candidate : known) {
            int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
            if (distance < distanceBest) {
                distanceBest = distance;
                best = Optional.of(candidate);
            }
        }
        return best;
    }

    /** Edits between two texts, where swapping two neighbours counts as one (optimal string alignment). */
    public static int distance(String left, String right) {
        if (left.length() > LENGTH_MAX || right.length() > LENGTH_MAX) {
            return left.equals(right) ? 0 : Integer.MAX_VALUE;
        }
        int[][] edits = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            edits[i][0] = i;
        }
        for (int j = 0; j <= right.length(); j++) {
            edits[0][j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            for (int j = 1; j <= right.length(); j++) {
                int replaced = edits[i - 1][j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                int best = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                boolean swapped = i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1);
                edits[i][j] = swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
            }
        }
        return edits[left.length()][right.length()];
    }
}
