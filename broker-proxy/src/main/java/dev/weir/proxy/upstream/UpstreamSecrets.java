package dev.weir.proxy.upstream;

import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.proxy.reload.ReloadTimer;
import dev.weir.proxy.reload.Reloading;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.proxy.tls.TlsFiles;
import dev.weir.proxy.tls.TlsMaterial;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What Weir shows to the brokers of one cluster, and whom it trusts: read again when its files change. New connections get
 * what is in force; those that are open stay. Any thread.
 */
public final class UpstreamSecrets implements AutoCloseable {
    private final @Nullable UpstreamTls tls;
    private final @Nullable Reloading<TlsMaterial> material;
    private final @Nullable Reloading<String> password;
    private volatile @Nullable ReloadTimer timer;

    private UpstreamSecrets(
            @Nullable UpstreamTls tls,
            @Nullable Reloading<TlsMaterial> material,
            @Nullable Reloading<String> password) {
        this.tls = tls;
        this.material = material;
        this.password = password;
    }

    static UpstreamSecrets open(Vertx vertx, ClusterConfig config) {
        UpstreamTls tls = config.tls();
        UpstreamSasl sasl = config.sasl();
        Path file = sasl instanceof UpstreamSasl.Password login ? login.passwordFile() : null;
        try {
            return new UpstreamSecrets(
                    tls,
                    tls == null ? null : TlsMaterial.open(vertx, TlsFiles.of(config.name(), tls)),
                    file == null
                            ? null
                            : Reloading.open(
                                    "cluster " + config.name(),
                                    List.of(file),
                                    (contents, renewal) -> password(file, contents.get(0))));
        } catch (UnusableFileException e) {
            throw new IllegalArgumentException("cluster " + config.name() + ": " + e.getMessage(), e);
        }
    }

    /** The whole content, but for blanks at its end. */
    static String password(Path file, byte[] content) throws UnusableFileException {
        String text = new String(content, StandardCharsets.UTF_8).stripTrailing();
        if (text.isEmpty()) {
            throw new UnusableFileException(file.getFileName() + " is empty");
        }
        return text;
    }

    /** Looks for changes from now on; tells of new certificates on a worker. */
    void follow(Vertx vertx, Consumer<ClientSSLOptions> changed) {
        if (material == null && password == null) {
            return;
        }
        timer = new ReloadTimer(vertx, () -> {
            if (material != null && material.check()) {
                changed.accept(options(material.current()));
            }
            if (password != null) {
                password.check();
            }
        });
    }

    /** How brokers are met, or {@code null} for plaintext. */
    @Nullable
    ClientSSLOptions tls() {
        return material == null ? null : options(material.current());
    }

    private ClientSSLOptions options(TlsMaterial from) {
        if (tls == null) {
            throw new IllegalStateException("no TLS");
        }
        return from.client(tls);
    }

    /** The password to log in with now. */
    String password(UpstreamSasl.Password sasl) {
        return password == null ? sasl.password() : password.current();
    }

    /** Certificates in force; none without TLS, or where the JDK's own list is trusted. */
    public List<CertificateStatus> certificates() {
        return material == null ? List.of() : material.current().certificates();
    }

    /** Files that changed and are not in force, and why; empty when all is well. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (material != null && material.problem() != null) {
            problems.add("new certificate files are not in force: " + material.problem());
        }
        if (password != null && password.problem() != null) {
            problems.add("a new password file is not in force: " + password.problem());
        }
        return problems;
    }

    @Override
    public void close() {
        ReloadTimer running = timer;
        if (running != null) {
            running.close();
        }
    }
}
