package dev.weir.proxy;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import org.jspecify.annotations.Nullable;

/**
 * How Weir comes to brokers for a client.
 *
 * @param credentials the column of the first table of docs/identity.md: shared, perPrincipal or passThrough
 * @param shown the mechanism by which it does; that of the client itself is NONE here
 * @param brokers the name of the brokers' listener
 * @param tls with Weir's certificate or without, or {@code null} for plaintext
 * @param sasl Weir's own log-in, or {@code null}
 * @param upstream whose credentials clients come with
 * @param principal whom brokers see; the client itself is empty here
 */
record BrokerWay(
        String credentials,
        Mechanism shown,
        String brokers,
        @Nullable UpstreamTls tls,
        @Nullable UpstreamSasl sasl,
        ListenerUpstream upstream,
        String principal) {

    boolean isPassThrough() {
        return upstream instanceof ListenerUpstream.PassThrough;
    }

    @Override
    public String toString() {
        return credentials + (isPassThrough() ? "" : " " + shown.wireName()) + (tls == null ? "" : " over TLS");
    }
}
