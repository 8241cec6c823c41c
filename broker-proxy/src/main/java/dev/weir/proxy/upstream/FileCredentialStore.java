package dev.weir.proxy.upstream;

import dev.weir.proxy.config.CredentialStore;
import dev.weir.proxy.config.ServicePlaceholder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * A properties file for each Service, found by a template such as {@code secrets/upstream/{service}.properties}. In place of PEM
 * texts it may name files: {@code certificateFile} and {@code keyFile}, relative to its own folder.
 *
 * <p>INVARIANT: no name leads to a file but the one that the template gives for it, in the folder that the template names.
 */
public final class FileCredentialStore implements CredentialStore {
    private static final long BYTES_MAX = 1 << 20;

    private final Path folder;
    private final String fileName;

    /**
     * Files of one folder.
     *
     * @param template the file's path; {@link ServicePlaceholder#TEXT} once, in the file name
     */
    public FileCredentialStore(Path template) {
        Path name = template.getFileName();
        Path parent = template.toAbsolutePath().normalize().getParent();
        if (name == null || parent == null || !isTemplate(template.toString())) {
            throw new IllegalArgumentException("not a template for files: " + template);
        }
        this.folder = parent;
        this.fileName = name.toString();
    }

    /** Whether a path has {@link ServicePlaceholder#TEXT} once, and in its last part. */
    public static boolean isTemplate(String path) {
        return ServicePlaceholder.isOnceIn(path) && path.indexOf('/', path.indexOf(ServicePlaceholder.TEXT)) < 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileCredentialStore that
                && folder.equals(that.folder)
                && fileName.equals(that.fileName);
    }

    @Override
    public int hashCode() {
        return Objects.hash(folder, fileName);
    }

    @Override
    public String toString() {
        return folder.resolve(fileName).toString();
    }

    @Override
    public Optional<Map<String, String>> find(String service) throws IOException {
        Optional<String> name = ServicePlaceholder.fill(fileName, service);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Path file = folder.resolve(name.get()).normalize();
        if (!folder.equals(file.getParent())) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(in);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException(file.getFileName() + " is no properties file", e);
        }
        Map<String, String> credential = new HashMap<>();
        for (String key : properties.stringPropertyNames()) {
            credential.put(key, properties.getProperty(key).strip());
        }
        inline(credential, "certificate");
        inline(credential, "key");
        return Optional.of(credential);
    }

    private void inline(Map<String, String> credential, String key) throws IOException {
        String named = credential.remove(key + "File");
        if (named != null) {
            Path file = folder.resolve(named);
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException(file.getFileName() + " is larger than " + BYTES_MAX + " bytes");
            }
            credential.put(key, Files.readString(file));
        }
    }
}
