package dev.weir.identity.vault;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.PrivateFolder;
import dev.weir.identity.renew.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One secret or certificate of Vault and the files that it was laid into. A failure changes no file. One thread at a time;
 * {@link #status()} for any.
 */
final class FollowedItem {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedItem.class);

    /**
     * What came from Vault.
     *
     * @param files content by name, in the order in which they are to be written
     * @param from when its life began, or {@code null} for a secret
     * @param until when it ends, or {@code null} for a secret
     */
    record Content(
            Map<String, String> files,
            @Nullable Instant from,
            @Nullable Instant until) {
        @Override
        public String toString() {
            return "Content" + files.keySet();
        }
    }

    /** Asks Vault. */
    interface Source {
        Content fetch() throws IdentityException;
    }

    private final String name;
    private final Source source;
    private final PrivateFolder folder;
    private final Duration refresh;
    private final Pace pace;
    private final Clock clock;
    private final Set<String> wanted = new TreeSet<>();
    /** All that came last, and what of it lies in files. */
    private Map<String, String> offered = Map.of();

    private Map<String, String> laid = Map.of();
    private volatile VaultStatus.Item status;

    FollowedItem(String name, Source source, PrivateFolder folder, Duration refresh, Pace pace, Clock clock) {
        this.name = name;
        this.source = source;
        this.folder = folder;
        this.refresh = refresh;
        this.pace = pace;
        this.clock = clock;
        this.status = new VaultStatus.Item(name, Instant.EPOCH, null, clock.instant(), 0, null);
    }

    VaultStatus.Item status() {
        return status;
    }

    /**
     * The file of a field, which is written if it has not been yet.
     *
     * @throws IdentityException when Vault does not have it, and no earlier start has left it in the folder
     */
    Path file(String field) throws IdentityException {
        Path file = folder.path().resolve(field);
        if (wanted.add(field)) {
            try {
                if (offered.containsKey(field)) {
                    lay(offered); // certificate and key come from one answer
                } else {
                    take(source.fetch());
                }
            } catch (VaultFailure e) {
                if (!e.kind().passes() || !leftBehind(file)) {
                    wanted.remove(field);
                    throw e;
                }
                failed(e);
            } catch (IdentityException e) {
                wanted.remove(field);
                throw e;
            }
        }
        return file;
    }

    private boolean leftBehind(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        if (status.fetchedAt().equals(Instant.EPOCH)) {
            try {
                Instant written = Files.getLastModifiedTime(file).toInstant();
                status = new VaultStatus.Item(name, written, null, clock.instant(), 0, null);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /** Asks again, whatever comes of it. */
    void renew() {
        try {
            take(source.fetch());
        } catch (IdentityException e) {
            failed(e);
        }
    }

    private void take(Content content) throws IdentityException {
        for (String field : wanted) {
            if (!content.files().containsKey(field)) {
                throw new VaultFailure(
                        VaultFailure.Kind.MISSING,
                        "the secret " + name + " has no field \"" + field + "\"; it has "
                                + (content.files().isEmpty()
                                        ? "none"
                                        : String.join(
                                                ", ",
                                                new TreeSet<>(content.files().keySet()))));
            }
        }
        Map<String, String> before = laid;
        lay(content.files());
        offered = content.files();
        took(
                content,
                before.entrySet().stream().anyMatch(file -> !file.getValue().equals(laid.get(file.getKey()))));
    }

    private void lay(Map<String, String> files) throws IdentityException {
        Map<String, String> written = new LinkedHashMap<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (wanted.contains(file.getKey())) {
                if (!file.getValue().equals(laid.get(file.getKey()))) {
                    folder.write(file.getKey(), file.getValue());
                }
                written.put(file.getKey(), file.getValue());
            }
        }
        laid = written;
    }

    private void took(Content content, boolean changed) {
        Instant now = clock.instant();
        Instant until = content.until();
        Duration wait = until == null ? pace.refresh(refresh) : pace.renewal(Duration.between(now, until));
        if (status.failures() > 0) {
            LOG.atInfo().addKeyValue("secret", name).log("Vault gives it again");
        }
        if (changed) {
            ending(LOG.atInfo().addKeyValue("secret", name), until).log("taken anew from Vault");
        }
        status = new VaultStatus.Item(name, now, until, now.plus(wait), 0, null);
    }

    private void failed(IdentityException e) {
        VaultStatus.Item before = status;
        int failures = before.failures() + 1;
        String why = String.valueOf(e.getMessage());
        if (!why.equals(before.lastError())) {
            ending(LOG.atWarn().addKeyValue("secret", name).addKeyValue("reason", why), before.until())
                    .log("cannot be had from Vault; what there is stays");
        }
        status = new VaultStatus.Item(
                name, before.fetchedAt(), before.until(), clock.instant().plus(pace.retry(failures)), failures, why);
    }

    /** A secret has no end, and its line none. */
    private static LoggingEventBuilder ending(LoggingEventBuilder line, @Nullable Instant until) {
        return until == null ? line : line.addKeyValue("until", until);
    }
}
