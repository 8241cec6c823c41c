package dev.weir.proxy.upstream;

import dev.weir.proxy.provider.ProviderException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One access token for all who need it: asked for when there is none, renewed after four fifths of its life while the old one is
 * still given out, and kept to its end when the endpoint does not answer. Any thread; nobody is blocked.
 */
final class TokenSource {
    private static final Logger LOG = LoggerFactory.getLogger(TokenSource.class);
    private static final long RETRY_MILLIS = 1_000;

    private final TokenRequest request;
    private @Nullable AccessToken current;
    private @Nullable CompletableFuture<AccessToken> asking;
    private long notBeforeMillis;

    TokenSource(TokenRequest request) {
        this.request = request;
    }

    /** A token that holds now. Completes exceptionally when there is none to be had. */
    synchronized CompletableFuture<AccessToken> token() {
        long nowMillis = System.currentTimeMillis();
        AccessToken known = current;
        if (known == null || nowMillis >= known.endsAtMillis()) {
            return ask().copy();
        }
        long lifetimeMillis = known.endsAtMillis() - known.startMillis();
        if (nowMillis >= known.startMillis() + lifetimeMillis * 4 / 5 && nowMillis >= notBeforeMillis) {
            CompletableFuture<AccessToken> unused = ask(); // the next who ask get it
        }
        return CompletableFuture.completedFuture(known);
    }

    private CompletableFuture<AccessToken> ask() {
        CompletableFuture<AccessToken> running = asking;
        if (running == null) {
            running = request.send().whenComplete(this::answered);
            // what is answered at once has been taken note of, and is not waited for
            asking = running.isDone() ? null : running;
        }
        return running;
    }

    private synchronized void answered(@Nullable AccessToken token, @Nullable Throwable failure) {
        asking = null;
        if (token != null) {
            current = token;
        } else {
            notBeforeMillis = System.currentTimeMillis() + RETRY_MILLIS;
            LOG.atWarn()
                    .addKeyValue("reason", ProviderException.reason(failure))
                    .log("no access token for brokers is to be had");
        }
    }
}
