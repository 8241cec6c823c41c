package dev.weir.cli.identity;

import dev.weir.mesh.origin.OriginVerifier.Verdict;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How many records of a topic are whose, and what is to be thought of that. */
final class WrittenBy {
    private record Kind(Verdict verdict, String principal) implements Comparable<Kind> {
        @Override
        public int compareTo(Kind other) {
            int byVerdict = verdict.compareTo(other.verdict);
            return byVerdict == 0 ? principal.compareTo(other.principal) : byVerdict;
        }
    }

    private record Seen(long count, String first) {}

    private final Map<Kind, Seen> kinds = new TreeMap<>();

    /**
     * Counts a record.
     *
     * @param principal what its header says; empty without one
     * @param place for people: partition and offset
     */
    void add(Verdict verdict, String principal, String place) {
        kinds.merge(
                new Kind(verdict, principal), new Seen(1, place), (seen, one) -> new Seen(seen.count + 1, seen.first));
    }

    boolean allGenuine() {
        return kinds.keySet().stream().allMatch(kind -> kind.verdict == Verdict.GENUINE);
    }

    /** A line for each principal and verdict; of what is not genuine, where the first is. */
    void print(PrintWriter out) {
        if (kinds.isEmpty()) {
            out.println("no records");
        }
        kinds.forEach((kind, seen) -> out.printf(
                Locale.ROOT,
                "%8d  %-11s  %s%s%n",
                seen.count,
                kind.verdict.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                kind.principal.isEmpty() ? "(nobody named)" : kind.principal,
                kind.verdict == Verdict.GENUINE ? "" : "  first at " + seen.first));
    }
}
