package dev.weir.proxy.authenticate.token;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of a token as policy sees them: each with a list of texts. A claim that is an object is flattened,
 * {@code {"realm": {"roles": [...]}}} to {@code realm.roles}; {@code scope} is taken apart at its blanks (RFC 8693).
 */
public final class Claims {
    /** As what policy sees the claim that an operator has named for groups. */
    public static final String GROUPS = "groups";

    /** What a token may bring; what is beyond is left out, and so not known to policy. */
    private static final int CLAIMS_MAX = 128;

    private static final int VALUES_MAX = 1_024;
    private static final int VALUE_LENGTH_MAX = 1_024;
    private static final int DEPTH_MAX = 4;
    private static final String SCOPE = "scope";

    private final Map<String, List<String>> byName = new LinkedHashMap<>();

    /**
     * Reads a token's claims.
     *
     * @param groupsClaim whose values are to be seen as {@code groups}, or empty
     */
    public static Claims of(Map<String, Object> token, String groupsClaim) {
        Claims claims = new Claims();
        claims.addAll("", token, 0);
        if (!groupsClaim.isEmpty()) {
            // what else is called so is not what the operator means by it
            claims.byName.put(GROUPS, claims.byName.getOrDefault(groupsClaim, List.of()));
        }
        return claims;
    }

    /** Each claim with its values. */
    public Map<String, List<String>> byName() {
        return byName;
    }

    /** The one value of a claim; empty when there is none, or more than one. */
    Optional<String> single(String name) {
        List<String> values = byName.getOrDefault(name, List.of());
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    private void addAll(String prefix, Map<?, ?> object, int depth) {
        object.forEach((key, value) -> {
            String name = prefix + key;
            if (value instanceof Map<?, ?> nested) {
                if (depth < DEPTH_MAX) {
                    addAll(name + ".", nested, depth + 1);
                }
            } else if (byName.size() < CLAIMS_MAX && name.length() <= VALUE_LENGTH_MAX) {
                byName.putIfAbsent(name, values(name, value));
            }
        });
    }

    private static List<String> values(String name, Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof Collection<?> list) {
            list.forEach(element -> add(texts, element));
        } else if (name.equals(SCOPE) && value instanceof String scopes) {
            for (String scope : scopes.split(" ", -1)) {
                add(texts, scope);
            }
        } else {
            add(texts, value);
        }
        return texts;
    }

    private static void add(List<String> texts, Object value) {
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            String text = value.toString();
            if (!text.isEmpty() && text.length() <= VALUE_LENGTH_MAX && texts.size() < VALUES_MAX) {
                texts.add(text);
            }
        }
    }
}
