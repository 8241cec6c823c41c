package dev.weir.proxy.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that is only appended to. Before each write it is looked whether another stands at its path, or none, because
 * logrotate moved it: then a new one is begun. It is made readable for its owner and group only. One thread.
 */
final class AuditFile {
    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path path;
    private @Nullable FileChannel channel;
    private @Nullable Object identity;

    private AuditFile(Path path) {
        this.path = path;
    }

    static AuditFile open(Path path) throws IOException {
        AuditFile file = new AuditFile(path);
        file.reopen();
        return file;
    }

    Path path() {
        return path;
    }

    void append(byte[] lines) throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen() || moved()) {
            open = reopen();
        }
        ByteBuffer bytes = ByteBuffer.wrap(lines);
        while (bytes.hasRemaining()) {
            open.write(bytes);
        }
    }

    private boolean moved() throws IOException {
        try {
            Object now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return now != null && !now.equals(identity);
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private FileChannel reopen() throws IOException {
        close();
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
                }
                : new FileAttribute<?>[0];
        FileChannel open = FileChannel.open(path, APPEND, attributes);
        channel = open;
        identity = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return open;
    }

    void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // its lines were written, one by one
            }
        }
    }
}
