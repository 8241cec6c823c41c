package dev.weir.cli.user;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir user remove}. */
@Command(
        name = "remove",
        description = {
            "Take a user out of a users file.",
            "A running Weir notices the change by itself, and ends the user's connections."
        },
        mixinStandardHelpOptions = true)
final class UserRemoveCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "The users file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Parameters(index = "1", paramLabel = "NAME", description = "The user's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> lines = UsersFileLines.read(file);
        if (!lines.removeIf(line -> Stream.of(SecretKind.values()).anyMatch(kind -> kind.isOf(line, name)))) {
            throw new CommandFailure("there is no user \"" + name + "\" in " + file + "; nothing was changed.");
        }
        UsersFileLines.write(file, lines);
        spec.commandLine().getOut().println("removed " + name + " from " + file);
        return ExitCode.OK;
    }
}
