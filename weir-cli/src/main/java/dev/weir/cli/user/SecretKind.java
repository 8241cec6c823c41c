package dev.weir.cli.user;

import dev.weir.cli.CommandFailure;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;

/** What a line of a users file may hold for a user. Its text is the mechanism's name, as options spell it. */
enum SecretKind {
    PLAIN(Mechanism.PLAIN, "pbkdf2-"),
    SCRAM_SHA_256(Mechanism.SCRAM_SHA_256, "scram-sha-256$"),
    SCRAM_SHA_512(Mechanism.SCRAM_SHA_512, "scram-sha-512$");

    private final Mechanism mechanism;
    private final String prefix;

    SecretKind(Mechanism mechanism, String prefix) {
        this.mechanism = mechanism;
        this.prefix = prefix;
    }

    boolean isScram() {
        return this != PLAIN;
    }

    /** Whether a line is this user's, of this kind. */
    boolean isOf(String line, String user) {
        return !line.startsWith("#") && line.startsWith(user + ":" + prefix);
    }

    /**
     * Makes what the file holds of a password.
     *
     * @param iterations 0 for the usual number
     */
    String secret(String password, int iterations) {
        try {
            return isScram()
                    ? ScramKeys.create(mechanism, password, iterations == 0 ? ScramKeys.ITERATIONS_DEFAULT : iterations)
                            .encoded()
                    : PasswordHash.create(password, iterations == 0 ? PasswordHash.ITERATIONS_DEFAULT : iterations)
                            .encoded();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(e.getMessage() + ".", e);
        }
    }

    @Override
    public String toString() {
        return mechanism.wireName();
    }
}
