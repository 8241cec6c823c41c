package dev.weir.proxy.registry;

import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.proxy.reload.ReloadTimer;
import dev.weir.proxy.reload.Reloading;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.PemContext;
import dev.weir.proxy.tls.PemFile;
import dev.weir.schema.registry.RegistryAccess;
import dev.weir.schema.registry.RegistrySettings;
import dev.weir.schema.registry.SchemaRegistry;
import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One registry, with the files that are needed to come to it, which are followed. Any thread. */
final class RegistryConnection implements AutoCloseable {
    private final SchemaRegistryConfig config;
    private final Reloading<HttpClient> http;
    private final @Nullable Reloading<String> authorization;
    private final SchemaRegistry registry;
    private final ReloadTimer timer;

    private RegistryConnection(
            Vertx vertx,
            SchemaRegistryConfig config,
            Reloading<HttpClient> http,
            @Nullable Reloading<String> authorization) {
        this.config = config;
        this.http = http;
        this.authorization = authorization;
        this.registry = new SchemaRegistry(
                RegistrySettings.of(config.name(), config.url(), config.timeoutMillis()),
                new RegistryAccess(
                        http::current,
                        () -> authorization == null ? Optional.empty() : Optional.of(authorization.current())));
        this.timer = new ReloadTimer(vertx, this::check);
    }

    /**
     * Reads its files, and follows them.
     *
     * @throws UnusableFileException when one of them is of no use
     */
    static RegistryConnection open(Vertx vertx, SchemaRegistryConfig config) throws UnusableFileException {
        String owner = "schema registry " + config.name();
        List<Path> files = Stream.of(config.trust(), config.certificate(), config.key())
                .filter(Objects::nonNull)
                .map(Path.class::cast)
                .toList();
        Path secret = config.secretFile();
        return new RegistryConnection(
                vertx,
                config,
                Reloading.open(owner, files, (contents, renewal) -> client(config, contents)),
                secret == null
                        ? null
                        : Reloading.open(
                                owner, List.of(secret), (contents, renewal) -> authorization(config, contents.get(0))));
    }

    private static HttpClient client(SchemaRegistryConfig config, List<byte[]> contents) throws UnusableFileException {
        List<PemFile> files = new ArrayList<>();
        for (Path path : Stream.of(config.trust(), config.certificate(), config.key())
                .filter(Objects::nonNull)
                .toList()) {
            files.add(new PemFile(String.valueOf(path.getFileName()), contents.get(files.size())));
        }
        PemFile trust = config.trust() == null ? null : files.remove(0);
        boolean shown = files.size() == 2;
        return HttpClient.newBuilder()
                .connectTimeout(Duration.ofMillis(config.timeoutMillis()))
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(PemContext.of(trust, shown ? files.get(0) : null, shown ? files.get(1) : null))
                .build();
    }

    private static String authorization(SchemaRegistryConfig config, byte[] content) throws UnusableFileException {
        String secret = new String(content, StandardCharsets.UTF_8).stripTrailing();
        if (secret.isEmpty()) {
            throw new UnusableFileException("the file with the secret is empty");
        }
        String username = config.username();
        return username == null ? RegistryAccess.bearer(secret) : RegistryAccess.basic(username, secret);
    }

    private void check() {
        http.check();
        if (authorization != null) {
            authorization.check();
        }
    }

    SchemaRegistry registry() {
        return registry;
    }

    SchemaRegistryConfig config() {
        return config;
    }

    /** New files that were not taken, and why. */
    List<String> problems() {
        return Stream.of(http.problem(), authorization == null ? null : authorization.problem())
                .filter(Objects::nonNull)
                .map(String.class::cast)
                .toList();
    }

    @Override
    public void close() {
        timer.close();
    }
}
