package dev.weir.identity.vault;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.PrivateFolder;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where files with secrets lie: {@code FOLDER/PATH/FIELD}. One that is not kept lies in memory ({@code /dev/shm}) where there
 * is such a place; its name holds the process's id, so that the next Weir can clear away what a killed one left.
 */
final class SecretFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFolder.class);
    private static final String PREFIX = "weir-vault-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,18})-\\d+");
    private static final Path MEMORY = Path.of("/dev/shm");

    private final PrivateFolder root;
    private final boolean kept;

    private SecretFolder(PrivateFolder root, boolean kept) {
        this.root = root;
        this.kept = kept;
    }

    static SecretFolder kept(Path folder) throws IdentityException {
        return new SecretFolder(PrivateFolder.open(folder), true);
    }

    static SecretFolder temporary() throws IdentityException {
        Path parent = Files.isWritable(MEMORY)
                ? MEMORY
                : Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        clearLeftBehind(parent);
        try {
            // makes it for its owner alone
            Path folder = Files.createTempDirectory(
                    parent, PREFIX + ProcessHandle.current().pid() + "-");
            return new SecretFolder(PrivateFolder.open(folder), false);
        } catch (IOException e) {
            throw new IdentityException(
                    "no folder for secrets can be made in " + parent + ": " + FailureWords.ofItself(e), e);
        }
    }

    private static void clearLeftBehind(Path parent) {
        try (Stream<Path> folders = Files.list(parent)) {
            for (Path folder : folders.toList()) {
                Matcher ours = NAME.matcher(String.valueOf(folder.getFileName()));
                if (ours.matches()
                        && ProcessHandle.of(Long.parseLong(ours.group(1))).isEmpty()
                        && Files.isWritable(folder)) {
                    delete(folder);
                }
            }
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("folder", parent).setCause(e).log("cannot be looked through");
        }
    }

    /** The folder of one secret. */
    PrivateFolder of(String path) throws IdentityException {
        return PrivateFolder.open(root.path().resolve(URLEncoder.encode(path, StandardCharsets.UTF_8)));
    }

    Path path() {
        return root.path();
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("a folder with secrets is left behind");
        }
    }

    @Override
    public void close() {
        if (!kept) {
            delete(root.path());
        }
    }
}
