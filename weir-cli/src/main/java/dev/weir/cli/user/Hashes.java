package dev.weir.cli.user;

import dev.weir.cli.CommandFailure;
import dev.weir.proxy.authenticate.PasswordHash;

/** Makes password hashes for commands. */
final class Hashes {

    private Hashes() {}

    static PasswordHash of(String password, int iterations) {
        try {
            return PasswordHash.create(password, iterations);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(e.getMessage() + ".", e);
        }
    }
}
