package dev.weir.proxy.upstream;

import dev.weir.proxy.config.TokenEndpoint;
import dev.weir.proxy.provider.ProviderClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The tokens of all who log in to one cluster by tokens. Any thread. */
final class TokenSources {
    /** More than that many do without a kept token. */
    private static final int KEPT_MAX = 1_000;

    private final Map<TokenEndpoint, TokenSource> sources = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TokenEndpoint, TokenSource> eldest) {
            return size() > KEPT_MAX;
        }
    };

    /** By the authorities that they trust. */
    private final Map<Optional<Path>, ProviderClient> clients = new HashMap<>();

    /** A token that holds now. Completes exceptionally when there is none to be had. Reads a file the first time. */
    CompletableFuture<AccessToken> token(TokenEndpoint endpoint) {
        TokenSource source;
        synchronized (sources) {
            source = sources.get(endpoint);
            if (source == null) {
                try {
                    source = new TokenSource(new TokenRequest(endpoint, client(endpoint.trust())));
                } catch (IOException e) {
                    return CompletableFuture.failedFuture(e);
                }
                sources.put(endpoint, source);
            }
        }
        return source.token();
    }

    private ProviderClient client(@Nullable Path trust) throws IOException {
        Optional<Path> key = Optional.ofNullable(trust);
        ProviderClient known = clients.get(key);
        if (known == null) {
            known = new ProviderClient(trust, null);
            clients.put(key, known);
        }
        return known;
    }
}
