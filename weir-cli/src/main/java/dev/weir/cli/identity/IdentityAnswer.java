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
 * @param told what records that it writes tell consumers of it; a Weir of before does not say
 */
public record IdentityAnswer(
        String principal,
        String mechanism,
        List<String> services,
        String policyRevision,
        List<Found> by,
        List<Found> near,
        List<Right> rights,
        List<Told> told) {

    public IdentityAnswer {
        told = told == null ? List.of() : told;
    }

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
     * What the header {@code weir-principal} of records in some topics says of it.
     *
     * @param value of the header
     * @param mode in {@code dry-run} there is none
     * @param signed whether the header {@code weir-signature} proves it
     */
    public record Told(
            List<String> topics, String value, String document, String file, int line, String mode, boolean signed) {}

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
                                words(right.mode()),
                                right.admin(),
                                right.actions(),
                                right.names(),
                                right.conditional(),
                                right.expired()))
                        .toList(),
                explanation.told().stream()
                        .map(told -> new Told(
                                told.topics(),
                                explanation.service().orElse(subject.principal().toString()),
                                told.document(),
                                path.apply(told.at().file()),
                                told.at().line(),
                                words(told.mode()),
                                told.signed()))
                        .toList());
    }

    private static String words(Mode mode) {
        return mode == Mode.ENFORCE ? "enforce" : "dry-run";
    }

    private static Found found(
            String service, String identity, Position at, String reason, UnaryOperator<String> path) {
        return new Found(service, identity, path.apply(at.file()), at.line(), reason);
    }
}
