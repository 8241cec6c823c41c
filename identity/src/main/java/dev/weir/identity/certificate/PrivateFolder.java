package dev.weir.identity.certificate;

import dev.weir.identity.IdentityException;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A folder for keys and secrets: it and its files are for their owner alone (0700 and 0600), from the first byte on. A file
 * appears as a whole or not at all, so that whoever reads meanwhile never sees half of it.
 */
public final class PrivateFolder {
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;

    private PrivateFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes the folder if it is not there; one that is there keeps its rights. */
    public static PrivateFolder open(Path folder) throws IdentityException {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute, OWNER_FOLDER);
            return new PrivateFolder(absolute);
        } catch (IOException e) {
            throw new IdentityException("the folder " + folder + " cannot be made: " + FailureWords.ofFile(e), e);
        }
    }

    public Path path() {
        return folder;
    }

    /** Those of these files that are there. */
    public List<String> existing(Collection<String> names) {
        return names.stream().filter(name -> Files.exists(folder.resolve(name))).toList();
    }

    /** Writes a file, in place of one that may be there. */
    public Path write(String name, String content) throws IdentityException {
        Path target = folder.resolve(name);
        Path written = folder.resolve("." + name + ".new");
        try {
            Files.deleteIfExists(written);
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (FileChannel channel =
                    FileChannel.open(written, options, PosixFilePermissions.asFileAttribute(OWNER_FILE))) {
                ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            return Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IdentityException("the file " + target + " cannot be written: " + FailureWords.ofFile(e), e);
        }
    }
}
