package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/**
 * What a server knows of a password for SCRAM (RFC 5802, 7677): salt, iterations, stored key and server key. Neither the
 * password nor what would do as a password can be computed from it. Written as
 * {@code scram-sha-512$ITERATIONS$SALT$STOREDKEY$SERVERKEY}, all but the iterations in Base64. Immutable, any thread.
 */
public final class ScramKeys {
    /** The least that RFC 7677 allows. */
    public static final int ITERATIONS_MIN = 4_096;
    /** It is the client that computes them: a file cannot make a log-in cost it more than a second or so. */
    public static final int ITERATIONS_MAX = 1_000_000;

    public static final int ITERATIONS_DEFAULT = 8_192;

    /** How long the salts are that {@link #create} makes. */
    static final int SALT_BYTES = 16;

    private static final Pattern TEXT = Pattern.compile(
            "(scram-sha-(?:256|512))\\$(\\d{1,9})\\$([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+)");
    private static final int SALT_BYTES_MIN = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Mechanism mechanism;
    private final ScramCredential credential;

    ScramKeys(Mechanism mechanism, ScramCredential credential) {
        this.mechanism = mechanism;
        this.credential = credential;
    }

    /**
     * Makes the keys of a password, with a new salt. Takes milliseconds.
     *
     * @param mechanism {@link Mechanism#SCRAM_SHA_256} or {@link Mechanism#SCRAM_SHA_512}
     * @param iterations {@value #ITERATIONS_MIN} to {@value #ITERATIONS_MAX}
     */
    public static ScramKeys create(Mechanism mechanism, String password, int iterations) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("the password is empty");
        }
        checkIterations(iterations);
        // Kafka's own salts are of different lengths, and a length that few users have is a hint at who exists
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        ScramFormatter formatter = formatter(mechanism);
        try {
            byte[] salted = formatter.saltedPassword(password, salt, iterations);
            return new ScramKeys(mechanism, formatter.generateCredential(salt, salted, iterations));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("this Java makes no keys for " + mechanism.wireName(), e);
        }
    }

    /**
     * Reads what {@link #encoded} wrote.
     *
     * @throws IllegalArgumentException saying what is wrong, without showing the text
     */
    public static ScramKeys parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "not SCRAM keys; expected scram-sha-512$ITERATIONS$SALT$STOREDKEY$SERVERKEY");
        }
        Mechanism mechanism =
                parts.group(1).equals(tag(Mechanism.SCRAM_SHA_256)) ? Mechanism.SCRAM_SHA_256 : Mechanism.SCRAM_SHA_512;
        int iterations = Integer.parseInt(parts.group(2));
        checkIterations(iterations);
        byte[] salt = decode(parts.group(3), "salt");
        byte[] storedKey = decode(parts.group(4), "stored key");
        byte[] serverKey = decode(parts.group(5), "server key");
        int keyBytes = keyBytes(mechanism);
        if (salt.length < SALT_BYTES_MIN || storedKey.length != keyBytes || serverKey.length != keyBytes) {
            throw new IllegalArgumentException("a salt of " + salt.length + " and keys of " + storedKey.length + " and "
                    + serverKey.length + " bytes; expected at least " + SALT_BYTES_MIN + ", and " + keyBytes);
        }
        return new ScramKeys(mechanism, new ScramCredential(salt, storedKey, serverKey, iterations));
    }

    Mechanism mechanism() {
        return mechanism;
    }

    ScramCredential credential() {
        return credential;
    }

    /** The text that {@link #parse} reads. */
    public String encoded() {
        Base64.Encoder base64 = Base64.getEncoder();
        return tag(mechanism) + "$" + credential.iterations() + "$" + base64.encodeToString(credential.salt()) + "$"
                + base64.encodeToString(credential.storedKey()) + "$" + base64.encodeToString(credential.serverKey());
    }

    /** Shows neither salt nor keys: it may end up in a log. */
    @Override
    public String toString() {
        return "ScramKeys[" + mechanism.wireName() + ", " + credential.iterations() + " iterations]";
    }

    static int keyBytes(Mechanism mechanism) {
        return mechanism == Mechanism.SCRAM_SHA_256 ? 32 : 64;
    }

    static ScramMechanism kafkas(Mechanism mechanism) {
        ScramMechanism known = ScramMechanism.forMechanismName(mechanism.wireName());
        if (known == null) {
            throw new IllegalArgumentException(mechanism.wireName() + " is no SCRAM");
        }
        return known;
    }

    private static ScramFormatter formatter(Mechanism mechanism) {
        try {
            return new ScramFormatter(kafkas(mechanism));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + mechanism.wireName(), e);
        }
    }

    private static String tag(Mechanism mechanism) {
        return mechanism.wireName().toLowerCase(Locale.ROOT);
    }

    private static void checkIterations(int iterations) {
        if (iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
            throw new IllegalArgumentException(
                    iterations + " iterations; expected " + ITERATIONS_MIN + " to " + ITERATIONS_MAX);
        }
    }

    private static byte[] decode(String text, String what) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the " + what + " is no Base64", e);
        }
    }
}
