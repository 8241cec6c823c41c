package dev.weir.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of a cluster's data: one that the caller gave stays, a temporary one ends with the cluster or the JVM. */
final class ClusterData implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterData.class);

    private final Path root;
    private final boolean temporary;
    private @Nullable Thread exitHook;

    /** @param given null for a temporary one */
    ClusterData(@Nullable Path given) {
        this.root = given == null ? temporaryDir() : given;
        this.temporary = given == null;
    }

    Path root() {
        return root;
    }

    /** Temporary data must not outlive this JVM, also when it is told to end before anyone closes the cluster. */
    void closeAtExit(Runnable closingCluster) {
        if (temporary) {
            Thread hook = new Thread(closingCluster, "embedded-kafka-exit");
            Runtime.getRuntime().addShutdownHook(hook);
            exitHook = hook;
        }
    }

    /** When no node uses it any more. */
    @Override
    public void close() {
        if (temporary) {
            delete(root);
        }
        Thread hook = exitHook;
        if (hook != null && hook != Thread.currentThread()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is ending: the hook runs, and finds the cluster closed.
            }
        }
    }

    private static Path temporaryDir() {
        try {
            return Files.createTempDirectory(
                    "weir-kafka-" + ProcessHandle.current().pid() + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for the embedded Kafka", e);
        }
    }

    private static void delete(Path dir) {
        try {
            Files.walkFileTree(dir, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("dir", dir).setCause(e).log("data of the embedded Kafka is left behind");
        }
    }
}
