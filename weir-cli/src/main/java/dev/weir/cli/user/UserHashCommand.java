package dev.weir.cli.user;

import dev.weir.cli.ExitCode;
import dev.weir.proxy.authenticate.PasswordHash;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir user hash}. */
@Command(
        name = "hash",
        description = {
            "Print the hash of a password, for a line NAME:HASH of a users file.",
            "The password is asked for, or read as the first line of standard input."
        },
        mixinStandardHelpOptions = true)
final class UserHashCommand implements Callable<Integer> {

    @Option(names = "--iterations", paramLabel = "N", description = "The cost of a hash (default: ${DEFAULT-VALUE}).")
    private int iterations = PasswordHash.ITERATIONS_DEFAULT;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        String password = Passwords.read(System.in, System.console());
        spec.commandLine().getOut().println(Hashes.of(password, iterations).encoded());
        return ExitCode.OK;
    }
}
