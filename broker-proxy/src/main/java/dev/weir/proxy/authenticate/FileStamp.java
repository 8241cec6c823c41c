package dev.weir.proxy.authenticate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What shows that a file has changed; empty for one that is not there.
 *
 * @param key tells a file from another that took its place, where the file system has such a thing
 */
record FileStamp(
        Optional<FileTime> modified, long size, @Nullable Object key) {
    static FileStamp of(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileStamp(Optional.of(attributes.lastModifiedTime()), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return new FileStamp(Optional.empty(), 0, null);
        }
    }
}
