package dev.weir.cli.mesh;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a topology keeps what it can make anew from Kafka. One that the configuration names stays. Any other is for one run:
 * what is in it fits the Kafka of that run and no other. It is locked while it is used and deleted at the end; what a process
 * left behind that was killed goes when the next one starts.
 *
 * <p>It is not in the folder for temporary files, which systems clean while programs run: the files of a state store are not
 * touched for days, and are missed.
 */
final class StateFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
    private static final String PREFIX = "topology-";
    private static final String LOCK = "weir.lock";

    private final Path path;
    /** Of a folder for one run. */
    private final @Nullable FileChannel lock;

    private StateFolder(Path path, @Nullable FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @param configured the one that stays; one for this run if empty */
    static StateFolder open(Optional<Path> configured) throws IOException {
        if (configured.isPresent()) {
            return new StateFolder(Files.createDirectories(configured.get()), null);
        }
        Path parent = parent(System.getenv(), Path.of(System.getProperty("user.home")));
        try {
            return forOneRun(Files.createDirectories(parent));
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("folder", parent).setCause(e).log("no state can be kept there");
            return forOneRun(Path.of(System.getProperty("java.io.tmpdir")));
        }
    }

    /** What systemd gives a service, else what the user's environment says (XDG), else in the home folder. */
    static Path parent(Map<String, String> environment, Path home) {
        String ofService = environment.getOrDefault("STATE_DIRECTORY", "");
        String ofUser = environment.getOrDefault("XDG_STATE_HOME", "");
        if (!ofService.isEmpty()) {
            // a service may have several, with a colon between them
            return Path.of(ofService.split(":", 2)[0]);
        }
        return ofUser.isEmpty() ? home.resolve(".weir").resolve("state") : Path.of(ofUser, "weir");
    }

    static StateFolder forOneRun(Path parent) throws IOException {
        sweep(parent);
        Path folder = Files.createTempDirectory(parent, PREFIX);
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isOurs(channel)) {
            channel.close();
            throw new IOException(folder + " is locked by another process");
        }
        return new StateFolder(folder, channel);
    }

    /** Deletes the folders that no process has locked. One that is being made has no lock file yet, and stays. */
    private static void sweep(Path parent) throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(parent)) {
            folders = all.filter(folder -> folder.getFileName().toString().startsWith(PREFIX))
                    .filter(folder -> Files.exists(folder.resolve(LOCK)))
                    .toList();
        }
        for (Path folder : folders) {
            try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
                if (isOurs(channel)) {
                    delete(folder);
                }
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("folder", folder).setCause(e).log("an old state folder is left behind");
            }
        }
    }

    /** Takes the lock; it goes when the channel is closed, or the process ends. */
    private static boolean isOurs(FileChannel channel) throws IOException {
        try {
            FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException e) {
            return false; // another topology of this JVM has it
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        if (lock == null) {
            return;
        }
        try {
            delete(path);
            lock.close();
        } catch (IOException e) {
            // the lock goes with the process, and then the next one sweeps
            LOG.atDebug().addKeyValue("folder", path).setCause(e).log("a state folder is left behind");
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(folder)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
