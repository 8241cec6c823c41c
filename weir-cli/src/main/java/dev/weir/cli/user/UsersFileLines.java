package dev.weir.cli.user;

import dev.weir.cli.CommandFailure;
import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.yaml.Problem;
import dev.weir.proxy.authenticate.UsersFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The lines of a users file, for commands that change some of them. */
final class UsersFileLines {
    private UsersFileLines() {}

    /** The file's lines, or those of a new one; a file with mistakes is not touched. */
    static List<String> read(Path file) {
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
            throw new CommandFailure(file + " cannot be read: " + FailureWords.ofFile(e), e);
        }
    }

    /** As a whole or not at all: a Weir that reads the file meanwhile never sees half of it. */
    static void write(Path file, List<String> lines) {
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
            throw new CommandFailure(file + " cannot be written: " + FailureWords.ofItself(e), e);
        }
    }
}
