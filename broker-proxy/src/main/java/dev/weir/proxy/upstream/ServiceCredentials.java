package dev.weir.proxy.upstream;

import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.config.CredentialStore;
import dev.weir.proxy.telemetry.UpstreamFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of single Services, as a store has them: kept for a few seconds, then asked for again when the Service
 * connects. A store that cannot be asked leaves the last ones in force. One that has none for a Service has it refused: there is
 * no other credential to fall back to. Any thread.
 */
final class ServiceCredentials implements UpstreamCredentials {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceCredentials.class);
    private static final long FRESH_NANOS = 5_000_000_000L;
    private static final long LOOK_UP_SECONDS_MAX = 10;

    /** More Services than these are looked up each time. */
    private static final int KEPT_MAX = 10_000;

    private record Known(@Nullable Credential credential, long atNanos) {}

    private final Vertx vertx;
    private final CredentialStore store;
    private final Map<String, CompletableFuture<Known>> askedByService = new HashMap<>();

    private final Map<String, Known> knownByService = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > KEPT_MAX;
        }
    };

    ServiceCredentials(Vertx vertx, CredentialStore store) {
        this.vertx = vertx;
        this.store = store;
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public boolean byService() {
        return true;
    }

    @Override
    public Future<Credential> of(Optional<String> service) {
        Known known = service.isEmpty() ? null : known(service.get());
        return known != null && System.nanoTime() - known.atNanos() < FRESH_NANOS
                ? result(service.get(), known.credential())
                : renewed(service);
    }

    @Override
    public Future<Credential> renewed(Optional<String> service) {
        return service.isEmpty()
                ? Future.failedFuture(
                        new UpstreamException(UpstreamFailure.NO_CREDENTIAL, "no Service of policy has this identity"))
                : lookUp(service.get());
    }

    private Future<Credential> lookUp(String service) {
        return Future.fromCompletionStage(asked(service), vertx.getOrCreateContext())
                .timeout(LOOK_UP_SECONDS_MAX, TimeUnit.SECONDS)
                .recover(e -> {
                    Known before = keepLast(service);
                    LOG.atWarn()
                            .addKeyValue("service", service)
                            .addKeyValue("reason", FailureWords.ofItself(e))
                            .log("the upstream credential of a service cannot be read");
                    return before == null || before.credential() == null
                            ? Future.failedFuture(new UpstreamException(
                                    UpstreamFailure.NO_CREDENTIAL,
                                    "the upstream credential of service " + service + " cannot be read: "
                                            + FailureWords.ofItself(e),
                                    e))
                            : Future.succeededFuture(before);
                })
                .compose(found -> result(service, found.credential()));
    }

    /** A burst of connections of one Service asks once. */
    private CompletableFuture<Known> asked(String service) {
        synchronized (askedByService) {
            CompletableFuture<Known> running = askedByService.get(service);
            if (running == null || running.isDone()) {
                running = vertx.executeBlocking(() -> look(service), false)
                        .toCompletionStage()
                        .toCompletableFuture();
                askedByService.put(service, running);
                forgetWhenDone(service, running);
            }
            return running;
        }
    }

    private void forgetWhenDone(String service, CompletableFuture<Known> asked) {
        asked.whenComplete((found, failure) -> {
            synchronized (askedByService) {
                askedByService.remove(service, asked);
            }
        });
    }

    /** The store cannot be asked: what was had last is good for a while, before the store is asked again. */
    private @Nullable Known keepLast(String service) {
        synchronized (knownByService) {
            return knownByService.computeIfPresent(
                    service, (name, before) -> new Known(before.credential(), System.nanoTime()));
        }
    }

    private Known look(String service) throws IOException {
        Optional<Map<String, String>> stored = store.find(service);
        Credential credential = stored.isEmpty() ? null : StoredCredential.parse(stored.get());
        Known known = new Known(credential, System.nanoTime());
        synchronized (knownByService) {
            knownByService.put(service, known);
        }
        return known;
    }

    private @Nullable Known known(String service) {
        synchronized (knownByService) {
            return knownByService.get(service);
        }
    }

    private static Future<Credential> result(String service, @Nullable Credential credential) {
        return credential == null
                ? Future.failedFuture(new UpstreamException(
                        UpstreamFailure.NO_CREDENTIAL, "there is no upstream credential for service " + service))
                : Future.succeededFuture(credential);
    }
}
