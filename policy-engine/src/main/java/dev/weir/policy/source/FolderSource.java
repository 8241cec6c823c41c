package dev.weir.policy.source;

import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A folder, watched. The file system's events make a change known at once; a look at regular intervals finds what they
 * miss (network file systems, a folder that is deleted and made again).
 */
public final class FolderSource implements PolicySource {
    public static final Duration RESCAN = Duration.ofSeconds(5);

    // an editor that saves three files makes a dozen events; they are one change
    private static final long QUIET_MILLIS = 20;
    private static final int QUIET_ROUNDS_MAX = 25;

    private final Path folder;
    private final Duration rescan;
    private final WatchService watch;
    private String seen = "";

    /**
     * @param rescan how often to look when no event comes
     * @throws SourceException if the file system cannot be watched
     */
    public FolderSource(Path folder, Duration rescan) throws SourceException {
        this.folder = folder;
        this.rescan = rescan;
        try {
            this.watch = FileSystems.getDefault().newWatchService();
        } catch (IOException e) {
            throw new SourceException("policy folder " + folder + " cannot be watched: " + FailureWords.ofItself(e), e);
        }
    }

    @Override
    public String description() {
        return "folder " + folder;
    }

    @Override
    public PolicyFiles read() throws SourceException {
        // registered before it is read: what changes in between is seen as a change
        register(FolderReader.scan(folder).folders());
        PolicyFiles files = FolderReader.read(folder);
        for (int round = 0; round < QUIET_ROUNDS_MAX && !seen.equals(files.revision()); round++) {
            // a file that somebody is just writing may be cut off behind a complete rule: wait until it stays the same
            pause();
            seen = files.revision();
            files = FolderReader.read(folder);
        }
        return files;
    }

    private void pause() throws SourceException {
        try {
            TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException("policy folder " + folder + ": reading was interrupted", e);
        }
    }

    private void register(List<Path> folders) throws SourceException {
        try {
            for (Path directory : folders) {
                directory.register(
                        watch,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            }
        } catch (IOException e) {
            throw new SourceException("policy folder " + folder + " cannot be watched: " + FailureWords.ofItself(e), e);
        } catch (ClosedWatchServiceException e) {
            throw new SourceException("policy folder " + folder + " is closed", e);
        }
    }

    @Override
    public void awaitChange(Duration max) throws InterruptedException {
        Duration wait = max.compareTo(rescan) < 0 ? max : rescan;
        try {
            WatchKey key = watch.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
            for (int round = 0; key != null && round < QUIET_ROUNDS_MAX; round++) {
                key.pollEvents();
                key.reset();
                key = watch.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
            }
            if (key != null) {
                key.reset();
            }
        } catch (ClosedWatchServiceException e) {
            throw new InterruptedException("closed");
        }
    }

    @Override
    public void close() {
        try {
            watch.close();
        } catch (IOException e) {
            // nothing is left to be released
        }
    }
}
