package dev.weir.proxy.authenticate;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password that cannot be read back: PBKDF2 with HMAC-SHA-256 (RFC 8018) over a salt of its own. Written as
 * {@code pbkdf2-sha256$ITERATIONS$SALT$HASH}, salt and hash in Base64. Immutable, any thread.
 *
 * <p>The cost is on purpose: the default of {@value #ITERATIONS_DEFAULT} iterations takes some tens of milliseconds, so
 * neither {@link #create} nor {@link #verify} belongs on an event loop.
 */
public final class PasswordHash {
    public static final int ITERATIONS_DEFAULT = 120_000;
    public static final int ITERATIONS_MIN = 10_000;
    /** About a second: a file cannot make a login take longer. */
    public static final int ITERATIONS_MAX = 2_000_000;

    static final String FORM = "pbkdf2-sha256$ITERATIONS$SALT$HASH";

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern TEXT =
            Pattern.compile("pbkdf2-sha256\\$(\\d{1,9})\\$([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+)");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** Hashes a password with a new salt and {@value #ITERATIONS_DEFAULT} iterations. */
    public static PasswordHash create(String password) {
        return create(password, ITERATIONS_DEFAULT);
    }

    /**
     * Hashes a password with a new salt.
     *
     * @param iterations {@value #ITERATIONS_MIN} to {@value #ITERATIONS_MAX}
     */
    public static PasswordHash create(String password, int iterations) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("the password is empty");
        }
        checkIterations(iterations);
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new PasswordHash(iterations, salt, derive(password, salt, iterations));
    }

    /**
     * Reads what {@link #encoded} wrote.
     *
     * @throws IllegalArgumentException saying what is wrong, without showing the text
     */
    public static PasswordHash parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a password hash; expected " + FORM);
        }
        int iterations = Integer.parseInt(parts.group(1));
        checkIterations(iterations);
        byte[] salt = decode(parts.group(2), "salt");
        byte[] hash = decode(parts.group(3), "hash");
        if (salt.length < 8 || hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("a salt of " + salt.length + " and a hash of " + hash.length
                    + " bytes; expected at least 8, and " + HASH_BYTES);
        }
        return new PasswordHash(iterations, salt, hash);
    }

    /** A hash that no password has, as far as anybody knows: what a user that does not exist is measured against. */
    static PasswordHash ofNobody(int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        byte[] hash = new byte[HASH_BYTES];
        RANDOM.nextBytes(salt);
        RANDOM.nextBytes(hash);
        return new PasswordHash(iterations, salt, hash);
    }

    /** Whether this is the password. The time it takes does not depend on how much of it is right. */
    public boolean verify(String password) {
        return MessageDigest.isEqual(hash, derive(password, salt, iterations));
    }

    public int iterations() {
        return iterations;
    }

    /** The text that {@link #parse} reads. */
    public String encoded() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "pbkdf2-sha256$" + iterations + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    /** Shows neither salt nor hash: it may end up in a log. */
    @Override
    public String toString() {
        return "PasswordHash[pbkdf2-sha256, " + iterations + " iterations]";
    }

    private static void checkIterations(int iterations) {
        if (iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
            throw new IllegalArgumentException(
                    iterations + " iterations; expected " + ITERATIONS_MIN + " to " + ITERATIONS_MAX);
        }
    }

    private static byte[] decode(String base64, String what) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the " + what + " is not Base64", e);
        }
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BYTES * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}
