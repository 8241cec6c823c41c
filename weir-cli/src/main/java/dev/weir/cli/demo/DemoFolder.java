package dev.weir.cli.demo;

import dev.weir.cli.CommandFailure;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the demo keeps its files. */
record DemoFolder(Path root, boolean temporary) implements AutoCloseable {
    static DemoFolder open(Optional<Path> wanted) {
        try {
            if (wanted.isEmpty()) {
                return new DemoFolder(Files.createTempDirectory("weir-demo-"), true);
            }
            Path root = wanted.get().toAbsolutePath().normalize();
            Files.createDirectories(root);
            return new DemoFolder(root, false);
        } catch (IOException e) {
            throw new CommandFailure("no folder for the demo: " + FailureWords.ofItself(e), e);
        }
    }

    Path policy() {
        return root.resolve("policy");
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            try (Stream<Path> paths = Files.walk(root)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
