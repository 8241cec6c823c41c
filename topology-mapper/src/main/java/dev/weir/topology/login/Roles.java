package dev.weir.topology.login;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From the claims of a token to a role. */
final class Roles {
    private final String claim;
    private final Set<String> viewers;
    private final Set<String> operators;

    Roles(OidcSettings settings) {
        this.claim = settings.rolesClaim();
        this.viewers = settings.viewers();
        this.operators = settings.operators();
    }

    Optional<Role> of(Map<String, Object> claims) {
        Set<String> values = values(claims);
        if (values.stream().anyMatch(operators::contains)) {
            return Optional.of(Role.OPERATOR);
        }
        return viewers.contains(OidcSettings.EVERYBODY) || values.stream().anyMatch(viewers::contains)
                ? Optional.of(Role.VIEWER)
                : Optional.empty();
    }

    private Set<String> values(Map<String, Object> claims) {
        Object found = claims.get(claim);
        Object at = claims;
        for (String part : found == null ? List.of(claim.split("\\.", -1)) : List.<String>of()) {
            at = at instanceof Map<?, ?> object ? object.get(part) : null;
        }
        return texts(found == null ? at : found);
    }

    /** A list of texts, or one text: a claim of one role is often no list. */
    private static Set<String> texts(@Nullable Object value) {
        Set<String> texts = new HashSet<>();
        if (value instanceof Collection<?> list) {
            list.forEach(element -> {
                if (element instanceof String text) {
                    texts.add(text);
                }
            });
        } else if (value instanceof String text) {
            texts.add(text);
        }
        return texts;
    }
}
