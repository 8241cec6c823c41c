package dev.weir.cli.identity;

import dev.weir.cli.topology.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** An {@link IdentityAnswer} for people. */
final class IdentityText {
    private final IdentityAnswer answer;
    private final List<String> lines = new ArrayList<>();

    IdentityText(IdentityAnswer answer) {
        this.answer = answer;
    }

    List<String> lines() {
        lines.add(answer.principal() + " (" + how() + ") is " + who() + "; policy " + answer.policyRevision());
        answer.by()
                .forEach(found -> lines.add("  by " + found.identity() + at(found.file(), found.line())
                        + (answer.services().size() > 1 ? " of " + found.service() : "")));
        if (answer.services().size() > 1) {
            lines.add("  An identity belongs to one Service only: everything is denied until one of them lets go.");
        }
        if (!answer.near().isEmpty()) {
            lines.add("nearly, but not:");
            answer.near()
                    .forEach(near -> lines.add("  " + near.service() + ", " + near.identity()
                            + at(near.file(), near.line()) + ": " + near.reason()));
        }
        rights("may", right -> right.effect().equals("allow") && !right.admin());
        rights(
                "may, over the cluster and what is in it",
                right -> right.effect().equals("allow") && right.admin());
        rights("may not, whatever else is allowed", right -> right.effect().equals("deny"));
        if (answer.services().size() == 1
                && answer.rights().stream().noneMatch(right -> right.effect().equals("allow"))) {
            lines.add("may nothing: no rule allows it anything.");
        }
        told();
        return lines.stream().map(Columns::clean).toList();
    }

    private String how() {
        return answer.mechanism().equals("none") ? "without credentials" : "by " + answer.mechanism();
    }

    private String who() {
        return switch (answer.services().size()) {
            case 0 -> "no Service";
            case 1 -> "Service " + answer.services().get(0);
            default -> "SEVERAL Services, which is refused: " + String.join(", ", answer.services());
        };
    }

    private void rights(String title, Predicate<IdentityAnswer.Right> wanted) {
        List<IdentityAnswer.Right> rights =
                answer.rights().stream().filter(wanted).toList();
        if (rights.isEmpty()) {
            return;
        }
        lines.add(title + ":");
        for (IdentityAnswer.Right right : rights) {
            lines.add("  " + String.join(", ", right.actions()) + ": " + String.join(", ", right.names()) + "  by "
                    + right.rule() + at(right.file(), right.line()) + limits(right));
        }
    }

    private void told() {
        if (answer.told().isEmpty()) {
            return;
        }
        lines.add("consumers are told who wrote its records, as weir-principal: "
                + answer.told().get(0).value());
        answer.told()
                .forEach(told -> lines.add("  topic " + String.join(", ", told.topics()) + "  by " + told.document()
                        + at(told.file(), told.line()) + trust(told)));
    }

    /** When a consumer can rely on it. */
    private static String trust(IdentityAnswer.Told told) {
        if (told.mode().equals("dry-run")) {
            return " [dry-run: not told yet]";
        }
        return told.signed()
                ? " [signed: proves itself to who verifies it]"
                : " [a proof only where nobody but Weir can write to the topic]";
    }

    private static String limits(IdentityAnswer.Right right) {
        List<String> limits = new ArrayList<>();
        if (right.expired()) {
            limits.add("EXPIRED");
        }
        if (right.mode().equals("dry-run")) {
            limits.add("dry-run");
        }
        if (right.conditional()) {
            limits.add("only as its when: says");
        }
        return limits.isEmpty() ? "" : " [" + String.join(", ", limits) + "]";
    }

    private static String at(String file, int line) {
        return file.isEmpty() ? "" : " (" + file + ":" + line + ")";
    }
}
