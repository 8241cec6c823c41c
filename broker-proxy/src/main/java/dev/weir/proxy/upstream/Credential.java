package dev.weir.proxy.upstream;

import dev.weir.proxy.config.UpstreamSasl;
import io.vertx.core.net.KeyCertOptions;
import org.jspecify.annotations.Nullable;

/**
 * What is shown to brokers on one connection. {@link #toString} shows no secret.
 *
 * @param certificate a certificate and its key in place of the cluster's own, or {@code null} for that
 * @param sasl how to log in, or {@code null} not to
 */
public record Credential(
        @Nullable KeyCertOptions certificate, @Nullable UpstreamSasl sasl) {
    @Override
    public String toString() {
        return "Credential[certificate=" + (certificate != null) + ", sasl=" + sasl + "]";
    }
}
