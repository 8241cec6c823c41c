package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.yaml.Problem;
import dev.weir.proxy.authenticate.relay.RelayedAuthenticator;
import dev.weir.proxy.authenticate.token.BearerAuthenticator;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.telemetry.ListenerMetrics;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the clients of one listener prove who they are, and who took that back: its SASL mechanisms, its users, its revoked
 * certificates. Any thread.
 */
public final class Authentication {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    private final Map<String, Authenticator> authenticators = new LinkedHashMap<>();
    private final LogInThreads threads;
    private final boolean allowWithoutTls;
    private final long sessionLifetimeMaxMillis;
    private final @Nullable UsersFile users;
    private final @Nullable BearerAuthenticator bearer;
    private final @Nullable RevocationList revoked;

    private Authentication(
            @Nullable ListenerSasl sasl,
            ListenerUpstream upstream,
            LogInThreads threads,
            @Nullable UsersFile users,
            @Nullable BearerAuthenticator bearer,
            @Nullable RevocationList revoked) {
        this.threads = threads;
        this.allowWithoutTls = sasl != null && sasl.allowWithoutTls();
        this.sessionLifetimeMaxMillis = sasl == null ? 0 : sasl.sessionLifetimeMaxMillis();
        this.users = users;
        this.bearer = bearer;
        this.revoked = revoked;
        if (sasl != null) {
            for (Mechanism mechanism : sasl.mechanisms()) {
                authenticators.put(mechanism.wireName(), authenticator(mechanism, upstream));
            }
        }
    }

    private Authenticator authenticator(Mechanism mechanism, ListenerUpstream upstream) {
        if (upstream instanceof ListenerUpstream.PassThrough relayed) {
            return new RelayedAuthenticator(mechanism, relayed.principalClaim());
        }
        return switch (mechanism) {
            case PLAIN -> new PlainAuthenticator(needed(users, mechanism, "a users file"));
            case SCRAM_SHA_256, SCRAM_SHA_512 ->
                new ScramAuthenticator(mechanism, needed(users, mechanism, "a users file"));
            case OAUTHBEARER -> needed(bearer, mechanism, "an issuer");
            case NONE, MTLS -> throw new IllegalArgumentException(mechanism.wireName() + " is not offered by SASL");
        };
    }

    private static <T> T needed(@Nullable T what, Mechanism mechanism, String name) {
        if (what == null) {
            throw new IllegalArgumentException(mechanism.wireName() + " needs " + name);
        }
        return what;
    }

    /**
     * Reads what the listener's configuration names.
     *
     * @throws InvalidUsersFileException naming every mistake of the users file
     * @throws IllegalArgumentException for what else cannot be used
     */
    public static Authentication open(ListenerConfig config, LogInThreads threads, ListenerMetrics metrics) {
        ListenerSasl sasl = config.sasl();
        Path usersFile = sasl == null ? null : sasl.users();
        OAuthBearerConfig issuer = sasl == null ? null : sasl.oauthBearer();
        Authentication opened = new Authentication(
                sasl,
                config.upstream(),
                threads,
                usersFile == null ? null : UsersFile.open(usersFile),
                issuer == null ? null : new BearerAuthenticator(issuer, threads.workers(), metrics::keysFetched),
                revocations(config.tls()));
        threads.refresh(opened::refreshQuietly);
        return opened;
    }

    private static @Nullable RevocationList revocations(@Nullable ListenerTls tls) {
        if (tls == null || tls.crl() == null || tls.clientCa() == null) {
            return null;
        }
        return RevocationList.open(tls.crl(), tls.clientCa());
    }

    /** Whether clients have to log in by SASL. */
    public boolean isLogInNeeded() {
        return !authenticators.isEmpty();
    }

    /** The SASL mechanisms that a client is offered, which depends on whether others can listen. */
    public List<String> offered(boolean tls) {
        return authenticators.values().stream()
                .filter(authenticator -> tls || allowWithoutTls || !authenticator.showsSecrets())
                .map(authenticator -> authenticator.mechanism().wireName())
                .toList();
    }

    /** The mechanism of this name, or {@code null} if it is not offered. */
    public @Nullable Authenticator find(String mechanism, boolean tls) {
        return offered(tls).contains(mechanism) ? authenticators.get(mechanism) : null;
    }

    /** How long a log-in holds at most; 0 for as long as what the client logged in with does. */
    public long sessionLifetimeMaxMillis() {
        return sessionLifetimeMaxMillis;
    }

    /** Whether a peer's certificates still hold. */
    public Validity certificates(List<X509Certificate> chain) {
        RevocationList list = revoked;
        return list == null || chain.isEmpty() ? Validity.ALWAYS : list.validity(chain);
    }

    /** Where hashes and signatures are computed. */
    public Executor workers() {
        return threads.workers();
    }

    /** What is wrong with the files and keys in use, for people; empty when all is well. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (users != null) {
            users.problems().stream().map(Problem::toString).forEach(problems::add);
        }
        if (bearer != null) {
            bearer.problem().ifPresent(problems::add);
        }
        if (revoked != null) {
            revoked.problems().stream().map(Problem::toString).forEach(problems::add);
        }
        return problems;
    }

    /** A look that fails must not be the last one. */
    private void refreshQuietly() {
        try {
            if (users != null) {
                users.refresh();
            }
            if (bearer != null) {
                bearer.refresh();
            }
            if (revoked != null) {
                revoked.refresh();
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("credentials could not be looked at");
        }
    }
}
