package dev.weir.cli.schema;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir schema}. */
@Command(
        name = "schema",
        description = "Check schemas before producers and consumers meet over them.",
        mixinStandardHelpOptions = true,
        subcommands = {SchemaCheckCommand.class, SchemaExplainCommand.class, SchemaCoverageCommand.class})
public final class SchemaCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand: check, explain or coverage");
    }
}
