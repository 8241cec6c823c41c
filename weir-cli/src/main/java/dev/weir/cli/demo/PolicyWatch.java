package dev.weir.cli.demo;

import dev.weir.policy.store.PolicyStatus;
import dev.weir.policy.yaml.Problem;
import java.util.function.Consumer;

/** Says on the screen what becomes of each commit: in force, or refused and why. Not for more than one thread. */
final class PolicyWatch {
    private static final int REVISION_SHOWN = 7;
    private static final int PROBLEMS_MAX = 5;

    private final Consumer<String> lines;
    private String revision = "";
    private String attempted = "";
    private String error = "";

    PolicyWatch(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Looks at what the store says now. */
    void look(PolicyStatus status) {
        if (!status.revision().equals(revision)) {
            String before = revision.isEmpty() ? "" : " (before: " + brief(revision) + ")";
            revision = status.revision();
            lines.accept("policy   " + brief(revision) + " is in force: " + status.rules() + " rules" + before);
        }
        if (!status.attempted().equals(attempted)) {
            attempted = status.attempted();
            if (!status.problems().isEmpty()) {
                lines.accept("policy   " + brief(attempted) + " is REFUSED; " + brief(revision) + " stays in force:");
                status.problems().stream()
                        .limit(PROBLEMS_MAX)
                        .map(Problem::toString)
                        .forEach(problem -> lines.accept("           " + problem));
            }
        }
        if (!status.error().equals(error)) {
            error = status.error();
            if (!error.isEmpty()) {
                lines.accept("policy   cannot be read; " + brief(revision) + " stays in force: " + error);
            }
        }
    }

    private static String brief(String revision) {
        return revision.matches("[0-9a-f]{40}") ? revision.substring(0, REVISION_SHOWN) : revision;
    }
}
