package dev.weir.cli.identity;

import dev.weir.mesh.Subject;
import dev.weir.policy.check.IdentityExplanation;
import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Mode;
import dev.weir.policy.yaml.Position;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Who somebody is, for people and programs: what {@code --json} prints, and what a running mesh answers.
 *
 * @param principal as a proxy would name it
 * @param services more than one is refused
 * @param policyRevision that says so
 */
public record IdentityAnswer(
        String principal,
        String mechanism,
        List<String> services,
        String policyRevision,
        List<Found> by,
        List<Found> near,
        List<Right> rights) {

    /**
     * An identity that policy declares.
     *
     * @param reason in what it does not fit, of those that do not
     */
    public record Found(String service, String identity, String file, int line, String reason) {}

    /** What a rule says about it. */
    public record Right(
            String rule,
            String file,
            int line,
            String effect,
            String mode,
            boolean admin,
            List<String> actions,
            List<String> names,
            boolean conditional,
            boolean expired) {}

    /**
     * Of an explanation.
     *
     * @param path how a file of the policy is shown
     */
    public static IdentityAnswer of(
            Subject subject, IdentityExplanation explanation, String revision, UnaryOperator<String> path) {
        return new IdentityAnswer(
                subject.principal().toString(),
                subject.mechanism().wireName(),
                explanation.services().stream().sorted().toList(),
                revision,
                explanation.matches().stream()
                        .map(match -> found(match.service(), match.identity(), match.at(), "", path))
                        .toList(),
                explanation.nearMisses().stream()
                        .map(miss -> found(miss.service(), miss.identity(), miss.at(), miss.reason(), path))
                        .toList(),
                explanation.rights().stream()
                        .map(right -> new Right(
                                right.rule(),
                                path.apply(right.at().file()),
                                right.at().line(),
                                right.effect() == Effect.ALLOW ? "allow" : "deny",
                                right.mode() == Mode.ENFORCE ? "enforce" : "dry-run",
                                right.admin(),
                                right.actions(),
                                right.names(),
                                right.conditional(),
                                right.expired()))
                        .toList());
    }

    private static Found found(
            String service, String identity, Position at, String reason, UnaryOperator<String> path) {
        return new Found(service, identity, path.apply(at.file()), at.line(), reason);
    }
}
