package dev.weir.cli.canary;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir canary}. */
@Command(
        name = "canary",
        description = {
            "Show how far canaries of consumers are, and tell them what to do.",
            "Policy names their steps and gates; these commands stop them, or go on, until policy names other steps."
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            CanaryListCommand.class,
            CanaryStatusCommand.class,
            CanarySetCommand.class,
            CanaryOrderCommand.Pause.class,
            CanaryOrderCommand.Resume.class,
            CanaryOrderCommand.Promote.class,
            CanaryOrderCommand.Abort.class
        })
public final class CanaryCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required command");
    }
}
