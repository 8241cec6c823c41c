package dev.weir.bench;

import dev.weir.bench.canary.CanaryCommand;
import dev.weir.bench.endtoend.EndToEndCommand;
import dev.weir.bench.login.LoginsCommand;
import dev.weir.bench.login.UsersCommand;
import dev.weir.bench.micro.MicroCommand;
import dev.weir.bench.topology.TopologyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code weir bench}. */
@Command(
        name = "weir bench",
        description = "Measure what Weir costs. Ratios count; absolute numbers are this machine's.",
        mixinStandardHelpOptions = true,
        subcommands = {
            MicroCommand.class,
            EndToEndCommand.class,
            LoginsCommand.class,
            UsersCommand.class,
            TopologyCommand.class,
            CanaryCommand.class,
            HelpCommand.class
        })
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments.length == 0 ? new String[] {"--help"} : arguments));
    }
}
