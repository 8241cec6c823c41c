package dev.weir.proxy.authenticate;

import dev.weir.mesh.Principal;
import java.util.Locale;
import java.util.Optional;

/**
 * Which names a principal may have. Names end up in logs, reports, Kafka's own ACLs and file paths of secrets, so what
 * would mean something else there is refused where it comes in, whoever vouches for it.
 */
public final class PrincipalNames {
    /** That of a SPIFFE id. */
    public static final int LENGTH_MAX = 2_048;

    /** Everybody, in Kafka's ACLs. */
    private static final String WILDCARD = "*";

    private PrincipalNames() {}

    /** Why this cannot be the name of a principal; empty when it can. Does not repeat the name. */
    public static Optional<String> problem(String name) {
        if (name.isBlank()) {
            return Optional.of("the name is empty");
        }
        if (name.length() > LENGTH_MAX) {
            return Optional.of("a name of " + name.length() + " characters; expected at most " + LENGTH_MAX);
        }
        if (name.codePoints().anyMatch(PrincipalNames::isUnprintable)) {
            return Optional.of("the name has a control character, or one that cannot be seen");
        }
        if (!name.equals(name.strip())) {
            return Optional.of("the name has blanks around it");
        }
        if (name.equals(WILDCARD)) {
            return Optional.of("the name " + WILDCARD + " stands for everybody");
        }
        if (name.toLowerCase(Locale.ROOT).equals(Principal.ANONYMOUS.name())) {
            return Optional.of("the name is that of clients without credentials");
        }
        return Optional.empty();
    }

    /** Line breaks, NUL, and what makes one name look like another. */
    private static boolean isUnprintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
