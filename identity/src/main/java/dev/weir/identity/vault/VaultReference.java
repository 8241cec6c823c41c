package dev.weir.identity.vault;

import dev.weir.identity.IdentityException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a configuration where a file could be named: {@code vault:PATH#FIELD}, a field of a KV secret, with the path
 * as Vault's API and policies have it; or {@code vault:NAME#certificate}, {@code #key} or {@code #ca}, a part of a certificate
 * that the configuration orders under that name. A path has a slash, a name has none.
 *
 * @param path of the secret, or name of the certificate
 */
public record VaultReference(String path, String field) {
    /** What the text of a reference begins with. */
    public static final String PREFIX = "vault:";

    /** For people. */
    public static final String FORM =
            "vault:PATH#FIELD, such as vault:kv/data/weir/kafka#password, or the name of one of"
                    + " vault.certificates with #certificate, #key or #ca";

    static final String CERTIFICATE = "certificate";
    static final String KEY = "key";
    static final String CA = "ca";

    private static final Set<String> PARTS = Set.of(CERTIFICATE, KEY, CA);
    private static final Pattern TEXT =
            Pattern.compile("vault:([A-Za-z0-9._-]+(/[A-Za-z0-9._@%+ -]+)*)#([A-Za-z0-9._-]+)");

    /** Whether a text is meant to be a reference. */
    public static boolean isMeantBy(String text) {
        return text.startsWith(PREFIX);
    }

    /**
     * Reads a reference.
     *
     * @throws IdentityException when it is none
     */
    public static VaultReference parse(String text) throws IdentityException {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || text.contains("..")) {
            throw new IdentityException("not a reference into Vault");
        }
        VaultReference reference = new VaultReference(matcher.group(1), matcher.group(3));
        if (reference.isCertificate() && !PARTS.contains(reference.field())) {
            throw new IdentityException("a certificate has the parts certificate, key and ca");
        }
        return reference;
    }

    /** Whether it names an ordered certificate; else a secret. */
    public boolean isCertificate() {
        return path.indexOf('/') < 0;
    }

    @Override
    public String toString() {
        return PREFIX + path + "#" + field;
    }
}
