package dev.weir.cli.identity;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir identity}. */
@Command(
        name = "identity",
        description = "Give services and listeners certificates, and say who somebody is to policy, and why.",
        mixinStandardHelpOptions = true,
        subcommands = {IdentityInitCommand.class, IdentityIssueCommand.class, IdentityExplainCommand.class})
public final class IdentityCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand: init, issue or explain");
    }
}
