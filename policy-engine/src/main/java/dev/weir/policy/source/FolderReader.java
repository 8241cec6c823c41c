package dev.weir.policy.source;

import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.yaml.YamlFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the policy files of a folder, folders in it included. Hidden files and folders are left out. A symbolic link to
 * a file is followed while it stays inside the folder, which is how Kubernetes mounts a ConfigMap; any other link is an
 * error, because to pass over a file in silence might be to pass over a deny.
 */
public final class FolderReader {
    private final Path folder;
    private final Map<String, Path> paths = new TreeMap<>();
    private final List<Path> folders = new ArrayList<>();

    private FolderReader(Path folder) {
        this.folder = folder;
    }

    /** All policy files below a folder; the revision is a hash of their paths and contents. */
    public static PolicyFiles read(Path folder) throws SourceException {
        FolderReader reader = scan(folder);
        List<PolicyFile> files = reader.contents();
        return new PolicyFiles(revision(files), files, "");
    }

    static FolderReader scan(Path folder) throws SourceException {
        if (!Files.isDirectory(folder)) {
            String found = Files.exists(folder) ? "a file" : "nothing";
            throw new SourceException("policy folder " + folder + ": found " + found + ", expected a folder");
        }
        FolderReader reader = new FolderReader(folder);
        try {
            Files.walkFileTree(folder, reader.new Visitor());
        } catch (IOException e) {
            throw new SourceException("policy folder " + folder + " cannot be read: " + FailureWords.ofItself(e), e);
        }
        if (reader.paths.keySet().stream().noneMatch(PolicyFiles::isYaml)) {
            throw new SourceException("policy folder " + folder + ": found no *.yaml file, expected at least one");
        }
        return reader;
    }

    /** The folder and all folders in it, for watching. */
    List<Path> folders() {
        return folders;
    }

    List<PolicyFile> contents() throws SourceException {
        List<PolicyFile> files = new ArrayList<>(paths.size());
        long bytes = 0;
        for (Map.Entry<String, Path> entry : paths.entrySet()) {
            try {
                bytes += Files.size(entry.getValue());
                if (bytes > PolicyFiles.BYTES_MAX) {
                    throw new SourceException(
                            "policy folder " + folder + " is larger than " + PolicyFiles.BYTES_MAX + " bytes in all");
                }
                files.add(new PolicyFile(entry.getKey(), bounded(entry.getValue())));
            } catch (IOException e) {
                throw new SourceException(
                        "policy file " + entry.getValue() + " cannot be read: " + FailureWords.ofFile(e), e);
            }
        }
        return files;
    }

    /** The file, or as much of it as shows that it is too large: the parser says so, with its name. */
    private static byte[] bounded(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(YamlFile.BYTES_MAX + 1);
        }
    }

    private static String revision(List<PolicyFile> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (PolicyFile file : files) {
                byte[] path = file.path().getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(8)
                        .putInt(path.length)
                        .putInt(file.content().length)
                        .flip());
                digest.update(path);
                digest.update(file.content());
            }
            return "sha256:" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;

        Visitor() throws IOException {
            root = folder.toRealPath();
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            if (!directory.equals(folder) && isHidden(directory)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            folders.add(directory);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (isHidden(file)) {
                return FileVisitResult.CONTINUE;
            }
            if (attributes.isSymbolicLink() && Files.isDirectory(file)) {
                throw new IOException(file + " is a symbolic link to a folder; put the folder itself here");
            }
            if (!PolicyFiles.isPolicy(file.getFileName().toString())) {
                return FileVisitResult.CONTINUE;
            }
            if (attributes.isSymbolicLink() && !file.toRealPath().startsWith(root)) {
                throw new IOException(file + " is a symbolic link that leads out of the folder");
            }
            if (!Files.isRegularFile(file)) {
                throw new IOException(file + " is not a regular file");
            }
            if (paths.size() == PolicyFiles.FILES_MAX) {
                throw new IOException("more than " + PolicyFiles.FILES_MAX + " policy files");
            }
            paths.put(folder.relativize(file).toString().replace('\\', '/'), file);
            return FileVisitResult.CONTINUE;
        }

        private boolean isHidden(Path path) {
            return path.getFileName().toString().startsWith(".");
        }
    }
}
