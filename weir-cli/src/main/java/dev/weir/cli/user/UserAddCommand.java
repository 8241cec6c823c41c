package dev.weir.cli.user;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.policy.yaml.Problem;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.UsersFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
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
            "A running Weir notices the change by itself."
        },
        mixinStandardHelpOptions = true)
final class UserAddCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "The users file; it is made if it is not there.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Parameters(index = "1", paramLabel = "NAME", description = "The user's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(names = "--iterations", paramLabel = "N", description = "The cost of the hash (default: ${DEFAULT-VALUE}).")
    private int iterations = PasswordHash.ITERATIONS_DEFAULT;

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
        List<String> lines = existing();
        String line = name + ":"
                + Hashes.of(Passwords.read(System.in, System.console()), iterations)
                        .encoded();
        boolean replaced = lines.removeIf(other -> !other.startsWith("#") && other.startsWith(name + ":pbkdf2-"));
        lines.add(line);
        write(lines);
        spec.commandLine().getOut().println((replaced ? "new password for " : "added ") + name + " in " + file);
        return ExitCode.OK;
    }

    private List<String> existing() {
        if (!Files.exists(file)) {
            return new ArrayList<>(List.of("# NAME:HASH; made by weir user add"));
        }
        List<Problem> problems = UsersFile.check(file);
        if (!problems.isEmpty()) {
            throw new CommandFailure("the users file has mistakes; mend them first:\n"
                    + String.join("\n", problems.stream().map(Problem::toString).toList()));
        }
        try {
            return new ArrayList<>(Files.readAllLines(file));
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** As a whole or not at all: a Weir that reads the file meanwhile never sees half of it. */
    private void write(List<String> lines) {
        Path target = file.toAbsolutePath();
        Path written = target.resolveSibling(target.getFileName() + ".new");
        try {
            Files.deleteIfExists(written);
            Files.createFile(
                    written, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(written, lines);
            if (Files.exists(target)) {
                Files.setPosixFilePermissions(written, Files.getPosixFilePermissions(target));
            }
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be written: " + e, e);
        }
    }
}
