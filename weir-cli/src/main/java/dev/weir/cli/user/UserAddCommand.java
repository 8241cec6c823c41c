package dev.weir.cli.user;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import dev.weir.proxy.authenticate.UsersFile;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir user add}. */
@Command(
        name = "add",
        description = {
            "Add a user to a users file, or give a user of the file a new password.",
            "The password is asked for, or read as the first line of standard input.",
            "A new password counts for every mechanism that the user has. A running Weir notices the change by itself,",
            "and ends connections that logged in with the old one."
        },
        mixinStandardHelpOptions = true)
final class UserAddCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "The users file; it is made if it is not there.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Parameters(index = "1", paramLabel = "NAME", description = "The user's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(
            names = "--mechanism",
            paramLabel = "M",
            split = ",",
            description = {
                "What the user logs in with: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, or several of them.",
                "Default: what the user has; PLAIN for a new one."
            })
    private Set<SecretKind> mechanisms = EnumSet.noneOf(SecretKind.class);

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "The cost of the secret (default: " + PasswordHash.ITERATIONS_DEFAULT + " for PLAIN, "
                    + ScramKeys.ITERATIONS_DEFAULT + " for SCRAM, where the client bears it).")
    private int iterations;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (name.isBlank()
                || !name.equals(name.strip())
                || name.startsWith("#")
                || name.lines().count() != 1) {
            throw new CommandFailure("\"" + name + "\" cannot be a user's name: it needs to be one line, without"
                    + " blanks around, and not begin with #.");
        }
        List<String> lines = UsersFileLines.read(file);
        Set<SecretKind> kinds = EnumSet.noneOf(SecretKind.class);
        for (SecretKind kind : SecretKind.values()) {
            if (lines.removeIf(line -> kind.isOf(line, name))) {
                kinds.add(kind);
            }
        }
        boolean replaced = !kinds.isEmpty();
        kinds.addAll(mechanisms);
        if (kinds.isEmpty()) {
            kinds.add(SecretKind.PLAIN);
        }
        String password = Passwords.read(System.in, System.console());
        for (SecretKind kind : kinds) {
            lines.add(name + ":" + kind.secret(password, iterations));
        }
        if (kinds.stream().anyMatch(SecretKind::isScram) && !UsersFile.hasDecoyKey(lines)) {
            lines.add(
                    1,
                    "# what users that do not exist are shown, the same on every Weir: keep it as secret as the rest");
            lines.add(2, UsersFile.newDecoyKey());
        }
        UsersFileLines.write(file, lines);
        spec.commandLine().getOut().println((replaced ? "new password for " : "added ") + name + " in " + file);
        return ExitCode.OK;
    }
}
