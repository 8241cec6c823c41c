package dev.weir.identity.name;

import dev.weir.identity.IdentityException;
import java.util.regex.Pattern;

/**
 * The part of a SPIFFE id that names who vouches for it (SPIFFE-ID, section 2.1): {@code shop} in
 * {@code spiffe://shop/payments}.
 *
 * @param name lower case letters, digits, dots, hyphens and underscores, at most 255
 */
public record TrustDomain(String name) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9._-]{1,255}");

    /**
     * Reads a name.
     *
     * @throws IdentityException saying what a trust domain looks like
     */
    public static TrustDomain of(String name) throws IdentityException {
        if (!FORM.matcher(name).matches()) {
            throw new IdentityException(
                    "\"" + name + "\" is no trust domain: expected 1 to 255 lower case letters, digits, dots, hyphens"
                            + " and underscores, without spiffe:// and without a path, such as shop.example");
        }
        return new TrustDomain(name);
    }

    /** The id that an authority of this domain has itself: no path. */
    public String uri() {
        return SpiffeId.SCHEME + name;
    }

    @Override
    public String toString() {
        return name;
    }
}
