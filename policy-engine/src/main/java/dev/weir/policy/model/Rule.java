package dev.weir.policy.model;

import dev.weir.policy.yaml.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One rule of an access document.
 *
 * @param document the document's name
 * @param id the rule's id, unique in the document
 * @param actions what it allows or denies, as written
 * @param grants what the actions come to
 * @param expires the instant from which the rule no longer counts; only an allow has one
 * @param mode the rule's own mode, if it names one
 */
public record Rule(
        String document,
        String id,
        Effect effect,
        List<String> actions,
        List<Grant> grants,
        Callers callers,
        Optional<Condition> when,
        Optional<Instant> expires,
        Optional<Mode> mode,
        Position at) {

    public Rule {
        actions = List.copyOf(actions);
        grants = List.copyOf(grants);
    }

    /** The id under which decisions name this rule. */
    public String reference() {
        return document + "/" + id;
    }

    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
