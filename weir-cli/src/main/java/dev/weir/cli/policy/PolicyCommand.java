package dev.weir.cli.policy;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir policy}. */
@Command(
        name = "policy",
        description = {
            "Check, test and explain policy, with the code that Weir itself decides with;",
            "and hold it against the traffic that a running mesh has seen."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            PolicyValidateCommand.class,
            PolicyTestCommand.class,
            PolicyExplainCommand.class,
            PolicySuggestCommand.class,
            PolicyImpactCommand.class,
            PolicyUnusedCommand.class
        })
public final class PolicyCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Missing required subcommand: validate, test, explain, suggest, impact or unused");
    }
}
