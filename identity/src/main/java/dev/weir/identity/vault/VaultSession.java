package dev.weir.identity.vault;

import dev.weir.identity.renew.Pace;
import dev.weir.identity.vault.VaultFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Weir's standing with Vault: a token, kept alive for as long as Vault lets it live, and a new log-in after that. Calls
 * block; one at a time.
 */
final class VaultSession {
    private final VaultConnection connection;
    private final Pace pace;
    private final Clock clock;
    private @Nullable VaultToken token;
    private Duration first = Duration.ZERO;
    private volatile @Nullable Instant until;
    private volatile @Nullable Instant renewal;

    VaultSession(VaultConnection connection, Pace pace, Clock clock) {
        this.connection = connection;
        this.pace = pace;
        this.clock = clock;
    }

    /** Something that needs a token. */
    interface Call<T> {
        T make(VaultConnection connection, VaultToken token) throws VaultFailure;
    }

    /** Makes a call; where Vault does not know the token any more, once again with a new one. */
    synchronized <T> T with(Call<T> call) throws VaultFailure {
        VaultToken used = token();
        try {
            return call.make(connection, used);
        } catch (VaultFailure e) {
            if (e.kind() != Kind.DENIED || connection.accepts(used)) {
                throw e;
            }
        }
        token = null;
        return call.make(connection, token());
    }

    private VaultToken token() throws VaultFailure {
        VaultToken known = token;
        if (known == null) {
            known = connection.logIn();
            first = known.lifetime();
            took(known);
        }
        return known;
    }

    private void took(VaultToken fresh) {
        token = fresh;
        if (fresh.lifetime().isZero()) {
            until = null;
            renewal = null;
        } else {
            Instant now = clock.instant();
            until = now.plus(fresh.lifetime());
            renewal = now.plus(pace.renewal(fresh.lifetime()));
        }
    }

    /** Renews the token, or logs in anew where it cannot live longer. */
    synchronized void keepAlive() throws VaultFailure {
        VaultToken known = token;
        if (known != null && known.renewable()) {
            try {
                VaultToken renewed = connection.renew(known);
                // close to its longest life, Vault renews it by less and less
                if (renewed.lifetime().compareTo(first.dividedBy(2)) >= 0) {
                    took(renewed);
                    return;
                }
            } catch (VaultFailure e) {
                if (e.kind().passes()) {
                    throw e;
                }
            }
        }
        VaultToken fresh = connection.logIn();
        first = fresh.lifetime();
        took(fresh);
    }

    /** When the token is to be renewed, or {@code null} for never, or not yet known. */
    @Nullable
    Instant renewal() {
        return renewal;
    }

    /** When the token ends, or {@code null} for never, or not yet known. */
    @Nullable
    Instant until() {
        return until;
    }
}
