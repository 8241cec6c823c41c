package dev.weir.topology.login;

import java.util.List;
import java.util.Map;

/** What people are called, and texts of others as a log, a terminal and a page can show them. */
final class Names {
    private static final int LENGTH_MAX = 100;
    private static final int UNPRINTABLE = '?';
    private static final List<String> CLAIMS = List.of("preferred_username", "email", "name", "sub");

    private Names() {}

    /** From the most telling claim that is there. */
    static String of(Map<String, Object> claims) {
        for (String claim : CLAIMS) {
            if (claims.get(claim) instanceof String name && !name.isBlank()) {
                return printable(name.strip(), LENGTH_MAX);
            }
        }
        return "somebody";
    }

    /**
     * Without line breaks, other control characters, and those that hide a part or turn it round.
     *
     * @param lengthMax in characters as people count them; the rest is cut off
     */
    static String printable(String text, int lengthMax) {
        return text.codePoints()
                .limit(lengthMax)
                .map(letter -> isPrintable(letter) ? letter : UNPRINTABLE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isPrintable(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
