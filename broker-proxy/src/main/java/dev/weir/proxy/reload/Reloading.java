package dev.weir.proxy.reload;

import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read from one file, or from several that belong together, and is read again when they change. Whoever writes
 * them need not do so at once: a new content counts once two looks in a row find it the same. It is compared by content,
 * so that files that are moved into place, linked or mounted anew are noticed, too.
 *
 * <p>{@link #current()} and {@link #problem()} for any thread; {@link #check()} reads files and is for workers.
 *
 * @param <T> what the files come to; immutable
 */
public final class Reloading<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);
    private static final long BYTES_MAX = 1 << 20;

    /** Makes something of the contents. */
    @FunctionalInterface
    public interface Parser<T> {
        /**
         * Reads the contents.
         *
         * @param contents of the files, in their order
         * @param renewal whether there is something in force that would be replaced
         * @throws UnusableFileException when they are of no use
         */
        T parse(List<byte[]> contents, boolean renewal) throws UnusableFileException;
    }

    /** The files at one moment. */
    private record Look(
            String fingerprint,
            List<byte[]> contents,
            @Nullable String unreadable) {}

    private final String owner;
    private final List<Path> files;
    private final Parser<T> parser;
    private volatile T current;
    private volatile @Nullable String problem;
    // of whoever checks
    private String inForce;
    private String seen;

    private Reloading(String owner, List<Path> files, Parser<T> parser, T first, String inForce) {
        this.owner = owner;
        this.files = files;
        this.parser = parser;
        this.current = first;
        this.inForce = inForce;
        this.seen = inForce;
    }

    /**
     * Reads for the first time.
     *
     * @param owner whose files these are, for logs: {@code listener internal}
     * @throws UnusableFileException when there is nothing to begin with
     */
    public static <T> Reloading<T> open(String owner, List<Path> files, Parser<T> parser) throws UnusableFileException {
        Look look = look(files);
        return new Reloading<>(owner, List.copyOf(files), parser, parsed(parser, look, false), look.fingerprint());
    }

    public T current() {
        return current;
    }

    /** Why the files as they are now are not in force, or {@code null} when they are. */
    public @Nullable String problem() {
        return problem;
    }

    /** Looks at the files, and says whether something new is in force. */
    public synchronized boolean check() {
        Look look = look(files);
        String before = seen;
        seen = look.fingerprint();
        if (seen.equals(inForce)) {
            if (problem != null) {
                problem = null;
                log("files are again what is in force");
            }
            return false;
        }
        if (!seen.equals(before)) {
            return false;
        }
        try {
            current = parsed(parser, look, true);
        } catch (UnusableFileException e) {
            refused(String.valueOf(e.getMessage()));
            return false;
        }
        inForce = seen;
        problem = null;
        log("files have changed, and are in force");
        return true;
    }

    private void log(String message) {
        LOG.atInfo().addKeyValue("owner", owner).addKeyValue("files", files).log(message);
    }

    /** Tried again at each look, since some problems pass by themselves; said once. */
    private void refused(String why) {
        if (why.equals(problem)) {
            return;
        }
        problem = why;
        LOG.atError()
                .addKeyValue("owner", owner)
                .addKeyValue("files", files)
                .addKeyValue("reason", why)
                .log("files have changed and cannot be used; what was read before stays in force");
    }

    private static <T> T parsed(Parser<T> parser, Look look, boolean renewal) throws UnusableFileException {
        if (look.unreadable() != null) {
            throw new UnusableFileException(look.unreadable());
        }
        return parser.parse(look.contents(), renewal);
    }

    private static Look look(List<Path> files) {
        MessageDigest digest = sha256();
        List<byte[]> contents = new ArrayList<>(files.size());
        for (Path file : files) {
            try {
                if (Files.size(file) > BYTES_MAX) {
                    return unreadable(file, "is larger than " + BYTES_MAX + " bytes");
                }
                byte[] content = Files.readAllBytes(file);
                digest.update(Integer.toString(content.length).getBytes(StandardCharsets.US_ASCII));
                digest.update((byte) ' ');
                digest.update(content);
                contents.add(content);
            } catch (NoSuchFileException e) {
                return unreadable(file, "does not exist");
            } catch (IOException e) {
                return unreadable(file, "cannot be read: " + FailureWords.ofItself(e));
            }
        }
        return new Look(HexFormat.of().formatHex(digest.digest()), contents, null);
    }

    private static Look unreadable(Path file, String why) {
        String problem = file.getFileName() + " " + why;
        return new Look(problem, List.of(), problem);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
