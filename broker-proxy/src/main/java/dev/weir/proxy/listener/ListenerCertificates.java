package dev.weir.proxy.listener;

import dev.weir.proxy.config.BrokerNames;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.reload.ReloadTimer;
import dev.weir.proxy.reload.Reloading;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.proxy.tls.TlsFiles;
import dev.weir.proxy.tls.TlsMaterial;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a listener's clients are met with: certificate, key, and who signs theirs. New handshakes get what is in force;
 * connections that are open stay as they are. Any thread.
 */
final class ListenerCertificates implements AutoCloseable {
    private final ListenerTls tls;
    private final boolean byName;
    private final Reloading<TlsMaterial> material;
    private final ReloadTimer timer;

    private ListenerCertificates(
            Vertx vertx,
            ListenerTls tls,
            boolean byName,
            Reloading<TlsMaterial> material,
            Consumer<ServerSSLOptions> changed) {
        this.tls = tls;
        this.byName = byName;
        this.material = material;
        this.timer = new ReloadTimer(vertx, () -> {
            if (material.check()) {
                changed.accept(options());
            }
        });
    }

    /**
     * Reads them now.
     *
     * @param changed told of each change, on a worker
     * @return {@code null} for a listener without TLS
     * @throws ListenException when they cannot be used
     */
    static @Nullable ListenerCertificates open(Vertx vertx, ListenerConfig config, Consumer<ServerSSLOptions> changed)
            throws ListenException {
        ListenerTls tls = config.tls();
        if (tls == null) {
            return null;
        }
        try {
            return new ListenerCertificates(
                    vertx,
                    tls,
                    config.brokers() instanceof BrokerNames,
                    TlsMaterial.open(vertx, TlsFiles.of(config.name(), tls)),
                    changed);
        } catch (UnusableFileException e) {
            throw new ListenException(
                    "listener " + config.name() + " cannot use its certificates: " + e.getMessage(), e);
        }
    }

    /** What is in force. */
    ServerSSLOptions options() {
        return material.current().server(tls).setSni(byName);
    }

    List<CertificateStatus> certificates() {
        return material.current().certificates();
    }

    /** Why what lies in the files now is not in force, or {@code null} when it is. */
    @Nullable
    String problem() {
        return material.problem();
    }

    @Override
    public void close() {
        timer.close();
    }
}
