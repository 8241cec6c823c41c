package dev.weir.proxy.authenticate.token;

import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys by which an issuer signs: fetched ahead of need and again and again, by one request at a time however
 * many wait for it. While the issuer cannot be asked, the last good keys serve for a bounded time. A token that names a key
 * which is not there has the keys fetched at once, but no more often than every few seconds, whatever tokens come.
 *
 * <p>Any thread; nothing here waits.
 */
final class IssuerKeys {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final long AGAIN_MILLIS_MIN = 5_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** @param thumbprints of all keys (RFC 7638) */
    private record KeySet(List<PublicJsonWebKey> keys, Set<String> thumbprints, long fetchedNanos) {}

    private final OAuthBearerConfig config;
    private final IssuerClient client;
    private final Consumer<Boolean> fetched;
    private final long againNanosMin;

    private volatile @Nullable KeySet current;
    private volatile @Nullable String failure;
    private @Nullable CompletableFuture<?> underWay; // guarded by this
    private long triedNanos; // guarded by this
    private boolean tried; // guarded by this

    /** @param fetched is told of each fetch whether it was good */
    IssuerKeys(OAuthBearerConfig config, IssuerClient client, Consumer<Boolean> fetched) {
        this.config = config;
        this.client = client;
        this.fetched = fetched;
        this.againNanosMin = Math.min(config.keysRefreshMillis(), AGAIN_MILLIS_MIN) * NANOS_PER_MILLI;
    }

    /** Whether there are keys that may be used. */
    boolean usable() {
        return usableKeys() != null;
    }

    /**
     * The keys that may have signed a token; none when none fits, also after a new fetch.
     *
     * @param keyId of the token, or {@code null} when it names none
     * @param algorithm one that is accepted
     */
    CompletionStage<List<PublicJsonWebKey>> matching(@Nullable String keyId, String algorithm) {
        List<PublicJsonWebKey> found = select(keyId, algorithm);
        if (!found.isEmpty()) {
            return CompletableFuture.completedStage(found);
        }
        CompletableFuture<?> fetch = fetch(againNanosMin);
        return fetch == null
                ? CompletableFuture.completedStage(found)
                : fetch.handle((done, failed) -> select(keyId, algorithm));
    }

    /** Whether the issuer, when it was last asked, did not have this key any more. */
    boolean isWithdrawn(String thumbprint) {
        KeySet now = current;
        return now != null && !now.thumbprints.contains(thumbprint);
    }

    /** Fetches when it is time to. */
    void refreshIfDue() {
        fetch(failure == null ? config.keysRefreshMillis() * NANOS_PER_MILLI : againNanosMin);
    }

    /** What is wrong, for people. */
    Optional<String> problem() {
        String why = failure;
        if (why == null) {
            return Optional.empty();
        }
        KeySet now = current;
        String consequence = now == null
                ? "no token can be checked"
                : usable()
                        ? "those of " + age(now).toSeconds() + " s ago are used, for at most "
                                + Duration.ofMillis(config.keysKeptMillis()).toSeconds() + " s"
                        : "those of " + age(now).toSeconds() + " s ago are too old, so no token can be checked";
        return Optional.of("keys of issuer " + config.issuer() + " cannot be fetched: " + why + "; " + consequence);
    }

    private List<PublicJsonWebKey> select(@Nullable String keyId, String algorithm) {
        KeySet now = usableKeys();
        return now == null
                ? List.of()
                : now.keys.stream()
                        .filter(key -> keyId == null || keyId.equals(key.getKeyId()))
                        .filter(key -> key.getAlgorithm() == null || algorithm.equals(key.getAlgorithm()))
                        .filter(key -> key.getKeyType().equals(keyType(algorithm)))
                        .toList();
    }

    private static String keyType(String algorithm) {
        return algorithm.startsWith("ES") ? "EC" : algorithm.equals("EdDSA") ? "OKP" : "RSA";
    }

    private @Nullable KeySet usableKeys() {
        KeySet now = current;
        return now == null || age(now).toMillis() > config.keysKeptMillis() ? null : now;
    }

    private static Duration age(KeySet keys) {
        return Duration.ofNanos(System.nanoTime() - keys.fetchedNanos);
    }

    /** The fetch under way, or a new one if the last began long enough ago; else {@code null}. */
    private synchronized @Nullable CompletableFuture<?> fetch(long againNanos) {
        if (underWay != null) {
            return underWay;
        }
        long now = System.nanoTime();
        if (tried && now - triedNanos < againNanos) {
            return null;
        }
        tried = true;
        triedNanos = now;
        CompletableFuture<Void> begun = client.keySet().thenAccept(this::take).whenComplete(this::told);
        underWay = begun.isDone() ? null : begun;
        begun.whenComplete((done, failed) -> over(begun));
        return begun;
    }

    private synchronized void over(CompletableFuture<?> fetch) {
        if (underWay == fetch) {
            underWay = null;
        }
    }

    private void told(@Nullable Void done, @Nullable Throwable failed) {
        fetched.accept(failed == null);
        if (failed == null) {
            if (failure != null) {
                failure = null;
                LOG.atInfo().addKeyValue("issuer", config.issuer()).log("keys of the issuer can be fetched again");
            }
            return;
        }
        String why = ProviderException.reason(failed);
        if (!why.equals(failure)) {
            failure = why;
            LOG.atError()
                    .addKeyValue("issuer", config.issuer())
                    .addKeyValue("reason", why)
                    .log("keys of the issuer cannot be fetched");
        }
    }

    /** Replaces the keys, unless the answer has none: an issuer without keys is broken, not one that withdrew them all. */
    private void take(String json) {
        List<PublicJsonWebKey> keys = new ArrayList<>();
        Set<String> thumbprints = new HashSet<>();
        try {
            for (JsonWebKey key : new JsonWebKeySet(json).getJsonWebKeys()) {
                // secret ones are no keys to verify with: whoever can read them can sign
                if (key instanceof PublicJsonWebKey open && !"enc".equals(key.getUse())) {
                    keys.add(open);
                    thumbprints.add(thumbprint(open));
                }
            }
        } catch (JoseException | RuntimeException e) {
            throw new ProviderException("what should be a set of keys is none");
        }
        if (keys.isEmpty()) {
            throw new ProviderException("the set of keys has none that verifies signatures");
        }
        current = new KeySet(List.copyOf(keys), Set.copyOf(thumbprints), System.nanoTime());
    }

    static String thumbprint(JsonWebKey key) {
        return key.calculateBase64urlEncodedThumbprint("SHA-256");
    }
}
