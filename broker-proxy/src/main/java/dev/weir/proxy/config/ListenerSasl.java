package dev.weir.proxy.config;

import dev.weir.mesh.Mechanism;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SASL for clients (RFC 4422, KIP-43).
 *
 * @param mechanisms those offered, in the order in which clients are told of them
 * @param users file of users with hashed passwords and SCRAM keys, re-read when it changes; {@code null} only where no
 *     mechanism needs it
 * @param oauthBearer whose tokens are accepted, or {@code null} without OAUTHBEARER
 * @param allowWithoutTls whether passwords and tokens may come over a plaintext connection
 * @param sessionLifetimeMaxMillis how long a log-in holds before the client has to log in again on its connection
 *     (KIP-368); 0 for as long as what it logged in with does
 */
public record ListenerSasl(
        List<Mechanism> mechanisms,
        @Nullable Path users,
        @Nullable OAuthBearerConfig oauthBearer,
        boolean allowWithoutTls,
        long sessionLifetimeMaxMillis) {

    public ListenerSasl {
        mechanisms = List.copyOf(mechanisms);
        if (mechanisms.isEmpty()) {
            throw new IllegalArgumentException("no mechanism: every client would be let in");
        }
    }

    /** PLAIN alone, without an end to sessions. */
    public ListenerSasl(Path users, boolean allowWithoutTls) {
        this(List.of(Mechanism.PLAIN), users, null, allowWithoutTls, 0);
    }
}
