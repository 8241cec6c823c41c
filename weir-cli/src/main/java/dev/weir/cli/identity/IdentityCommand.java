package dev.weir.cli.identity;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir identity}. */
@Command(
        name = "identity",
        description =
                "Give services and listeners certificates, say who somebody is to policy, and verify who wrote records.",
        mixinStandardHelpOptions = true,
        subcommands = {
            IdentityInitCommand.class,
            IdentityIssueCommand.class,
            IdentityExplainCommand.class,
            IdentityVerifyCommand.class
        })
public final class IdentityCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand: init, issue, explain or verify");
    }
}
