package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.security.scram.ScramCredential;

/**
 * Secrets of users that do not exist, so that whoever asks for them cannot tell: the same name gets the same salt and
 * the same number of iterations each time, of a kind that users who exist have. Computed from the name with a key.
 * Immutable, any thread.
 *
 * <p>The key is a line of the users file, so that a restart and every other Weir with that file say the same. Without such a
 * line it is one of this process.
 */
final class Decoys {
    /** Begins the line that holds the key; no user has an empty name. */
    static final String LINE = ":decoys$";

    private static final int KEY_BYTES = 32;
    private static final String HMAC = "HmacSHA512";
    private static final byte[] PROCESS_KEY = newKey();

    /** What can be seen of a user's SCRAM keys from outside. */
    private record Shape(int iterations, int saltBytes) implements Comparable<Shape> {
        @Override
        public int compareTo(Shape other) {
            return iterations != other.iterations
                    ? Integer.compare(iterations, other.iterations)
                    : Integer.compare(saltBytes, other.saltBytes);
        }
    }

    private final SecretKeySpec key;
    private final List<Credential> credentials;
    private final Map<Mechanism, List<Shape>> shapes = new EnumMap<>(Mechanism.class);

    private Decoys(byte[] key, Collection<UserSecret> known) {
        this.key = new SecretKeySpec(key, HMAC);
        List<Integer> iterations = known.stream()
                .filter(Credential.class::isInstance)
                .map(secret -> ((Credential) secret).hash().iterations())
                .distinct()
                .sorted()
                .toList();
        this.credentials = (iterations.isEmpty() ? List.of(PasswordHash.ITERATIONS_DEFAULT) : iterations)
                .stream().map(PasswordHash::ofNobody).map(Credential::new).toList();
        known.stream()
                .filter(ScramUser.class::isInstance)
                .map(secret -> ((ScramUser) secret).keys())
                .collect(Collectors.groupingBy(
                        ScramKeys::mechanism,
                        Collectors.mapping(
                                keys -> new Shape(
                                        keys.credential().iterations(),
                                        keys.credential().salt().length),
                                Collectors.toSet())))
                .forEach((mechanism, seen) ->
                        shapes.put(mechanism, seen.stream().sorted().toList()));
    }

    /** @param key of the file, or empty when it has none */
    static Decoys like(Collection<UserSecret> known, byte[] key) {
        return new Decoys(key.length == 0 ? PROCESS_KEY : key, known);
    }

    /** The line of a new key. */
    static String newLine() {
        return LINE + Base64.getEncoder().encodeToString(newKey());
    }

    /**
     * Reads the line.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static byte[] parseLine(String line) {
        byte[] key = Base64.getDecoder().decode(line.substring(LINE.length()).strip());
        if (key.length < KEY_BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes; expected at least " + KEY_BYTES);
        }
        return key;
    }

    /** One that no password has, and that takes as long as that of a user that exists. */
    Credential credential(String name) {
        return choose(credentials, derive(Mechanism.PLAIN, name, "choice"));
    }

    /** Keys that no password has. */
    ScramKeys keys(String name, Mechanism mechanism) {
        Shape shape = choose(
                shapes.getOrDefault(mechanism, List.of(new Shape(ScramKeys.ITERATIONS_DEFAULT, ScramKeys.SALT_BYTES))),
                derive(mechanism, name, "choice"));
        int keyBytes = ScramKeys.keyBytes(mechanism);
        return new ScramKeys(
                mechanism,
                new ScramCredential(
                        Arrays.copyOf(derive(mechanism, name, "salt"), shape.saltBytes),
                        Arrays.copyOf(derive(mechanism, name, "stored key"), keyBytes),
                        Arrays.copyOf(derive(mechanism, name, "server key"), keyBytes),
                        shape.iterations));
    }

    private static <T> T choose(List<T> choices, byte[] by) {
        return choices.get(Math.floorMod(ByteBuffer.wrap(by).getInt(), choices.size()));
    }

    private byte[] derive(Mechanism mechanism, String name, String what) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal((mechanism + "\0" + what + "\0" + name).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC, e);
        }
    }

    private static byte[] newKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }
}
