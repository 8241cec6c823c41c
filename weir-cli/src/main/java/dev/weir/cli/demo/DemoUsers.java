package dev.weir.cli.demo;

import dev.weir.cli.CommandFailure;
import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.authenticate.PasswordHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The demo's users file: a user for each service, all with the same password, which the screen shows. */
final class DemoUsers {
    static final String PASSWORD = "demo";

    private DemoUsers() {}

    static Path write(Path file) {
        // the password is public: one cheap hash for all of them
        String hash = PasswordHash.create(PASSWORD, PasswordHash.ITERATIONS_MIN).encoded();
        List<String> lines = Shop.USERS.stream().map(user -> user + ":" + hash).toList();
        try {
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new CommandFailure("the demo's users file cannot be written: " + FailureWords.ofItself(e), e);
        }
    }
}
