package dev.weir.identity.vault;

import dev.weir.identity.renew.Pace;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of Vault that are asked for one by one, when somebody needs them; nothing is kept. While Vault does not answer, few ask
 * it: the others are told at once what it told the last. Calls block; any thread.
 */
public final class VaultSecrets {
    private final VaultSession session;
    private final Pace pace;
    private final Clock clock;
    private int failures;
    private Instant retry = Instant.EPOCH;
    private @Nullable VaultFailure last;

    VaultSecrets(VaultSession session, Pace pace, Clock clock) {
        this.session = session;
        this.pace = pace;
        this.clock = clock;
    }

    /**
     * Reads one.
     *
     * @param path as Vault's API and policies have it: {@code kv/data/kafka/services/payments}
     * @return its fields, of those that are text; empty when there is no such secret
     */
    public synchronized Optional<Map<String, String>> find(String path) throws VaultFailure {
        VaultFailure before = last;
        if (before != null && clock.instant().isBefore(retry)) {
            throw before;
        }
        try {
            Optional<Map<String, String>> found =
                    Optional.of(session.with((connection, token) -> connection.read(token, path)));
            answered();
            return found;
        } catch (VaultFailure e) {
            if (e.kind() == VaultFailure.Kind.MISSING) {
                answered();
                return Optional.empty();
            }
            if (e.kind().passes()) {
                last = e;
                retry = clock.instant().plus(pace.retry(++failures));
            }
            throw e;
        }
    }

    private void answered() {
        last = null;
        failures = 0;
    }
}
