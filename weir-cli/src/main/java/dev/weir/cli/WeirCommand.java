package dev.weir.cli;

import dev.weir.cli.audit.AuditCommand;
import dev.weir.cli.canary.CanaryCommand;
import dev.weir.cli.connections.ConnectionsCommand;
import dev.weir.cli.demo.DemoCommand;
import dev.weir.cli.identity.IdentityCommand;
import dev.weir.cli.policy.PolicyCommand;
import dev.weir.cli.rehearsal.RehearseCommand;
import dev.weir.cli.schema.SchemaCommand;
import dev.weir.cli.status.StatusCommand;
import dev.weir.cli.topology.LagCommand;
import dev.weir.cli.topology.TopologyCommand;
import dev.weir.cli.up.UpCommand;
import dev.weir.cli.user.UserCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir} itself: the list of all that it can do. */
@Command(
        name = "weir",
        description = "A service mesh for Apache Kafka: policy in Git decides what clients may do.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = WeirVersion.class,
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            PolicyCommand.class,
            SchemaCommand.class,
            IdentityCommand.class,
            ConnectionsCommand.class,
            StatusCommand.class,
            TopologyCommand.class,
            LagCommand.class,
            CanaryCommand.class,
            AuditCommand.class,
            UserCommand.class,
            VersionCommand.class,
            RehearseCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Exit codes:",
            "  0  fine",
            "  1  the answer is no: policy invalid, a test failed, access denied",
            "  2  wrong usage or configuration, or nothing to talk to: nothing was started"
        })
final class WeirCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required command");
    }
}
