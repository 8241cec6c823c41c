package dev.weir.cli.user;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir user}. */
@Command(
        name = "user",
        description = "Keep the users file of listeners with SASL/PLAIN or SCRAM.",
        mixinStandardHelpOptions = true,
        subcommands = {UserAddCommand.class, UserRemoveCommand.class, UserHashCommand.class})
public final class UserCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand: add, remove or hash");
    }
}
