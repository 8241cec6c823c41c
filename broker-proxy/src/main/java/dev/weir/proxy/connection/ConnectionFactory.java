package dev.weir.proxy.connection;

import dev.weir.mesh.Subject;
import dev.weir.mesh.report.v1.Client;
import dev.weir.proxy.audit.AuditEvent;
import dev.weir.proxy.audit.AuditTrail;
import dev.weir.proxy.authenticate.Validity;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.RefusalReason;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Connection} of each socket that a listener accepts, as long as there may be more. Any thread. */
public final class ConnectionFactory {
    private final Map<String, AtomicInteger> openByListener = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong ids = new AtomicLong();
    private final @Nullable AuditTrail audit;

    /** @param audit told of clients that TLS or a revocation list turned away, or {@code null} where nothing is audited */
    public ConnectionFactory(@Nullable AuditTrail audit) {
        this.audit = audit;
    }

    /** Connections of all listeners. */
    public int open() {
        return open.get();
    }

    /** Takes a socket, on its event loop. */
    public void accept(ListenerScope scope, UpstreamTarget target, NetSocketInternal socket, EventLoop loop) {
        ListenerMetrics metrics = scope.metrics();
        if (loop.isDraining()) {
            refuse(scope, socket, RefusalReason.DRAINING, "Weir is stopping");
            return;
        }
        List<X509Certificate> chain = PeerIdentity.chain(socket.isSsl() ? socket.sslSession() : null);
        Validity certificates = scope.authentication().certificates(chain);
        if (certificates.ended() != null) {
            String reason = "the authority took back the certificate with serial number "
                    + PeerCertificate.serial(chain.get(0).getSerialNumber());
            refuse(scope, socket, RefusalReason.CERTIFICATE_REVOKED, reason);
            Subject bearer = subject(scope, socket, chain);
            Client.Builder client = Client.newBuilder()
                    .setPrincipal(bearer.principal().toString())
                    .setMechanism(bearer.mechanism().name());
            failed(scope, client, bearer.source().getHostAddress(), reason);
            return;
        }
        AtomicInteger openHere = openByListener.computeIfAbsent(scope.name(), absent -> new AtomicInteger());
        if (openHere.incrementAndGet() > scope.config().limits().connectionsMax()) {
            openHere.decrementAndGet();
            refuse(scope, socket, RefusalReason.CONNECTION_LIMIT, "the listener is full");
            return;
        }
        open.incrementAndGet();
        metrics.connectionAccepted();
        Runnable onClosed = () -> {
            open.decrementAndGet();
            openHere.decrementAndGet();
            metrics.connectionClosed();
        };
        Connection connection;
        try {
            connection =
                    new Connection(scope, target, socket, loop, subject(scope, socket, chain), certificates, onClosed);
        } catch (RuntimeException e) {
            onClosed.run();
            socket.close();
            throw e;
        }
        loop.opened(connection, ids.incrementAndGet());
        connection.start();
    }

    /** Closes a socket that may not become a connection, and says why. On its event loop. */
    public void refuse(ListenerScope scope, NetSocketInternal socket, RefusalReason kind, String reason) {
        scope.metrics().connectionRefused(kind);
        scope.log().warn(kind, scope.name(), peer(socket), reason);
        socket.close();
    }

    /**
     * Counts a socket that never became a connection: its TLS handshake failed, or took too long. Who only closed has not
     * failed to log in. Any thread.
     *
     * @param peer its address, or {@code null} when it went before its handshake began
     */
    public void refused(ListenerScope scope, @Nullable SocketAddress peer, Throwable cause) {
        RefusalReason reason =
                cause instanceof SslHandshakeTimeoutException ? RefusalReason.HANDSHAKE_TIMEOUT : RefusalReason.TLS;
        scope.metrics().connectionRefused(reason);
        scope.log().warn(reason, scope.name(), peer == null ? "unknown" : peer, TlsFailure.detail(cause));
        if (!TlsFailure.isClose(cause)) {
            failed(scope, Client.newBuilder(), peer == null ? "" : peer.host(), TlsFailure.words(cause));
        }
    }

    /** A client of a listener with TLS did not get in. */
    private void failed(ListenerScope scope, Client.Builder client, String source, String reason) {
        if (audit != null) {
            client.setListener(scope.name()).setTls(true).setSource(source);
            audit.add(
                    AuditEvent.logInFailed(scope.cluster().name(), client.build(), reason), System.currentTimeMillis());
        }
    }

    private static Subject subject(ListenerScope scope, NetSocketInternal socket, List<X509Certificate> chain) {
        ListenerTls tls = scope.config().tls();
        return PeerIdentity.of(socket.isSsl(), chain, tls == null ? List.of() : tls.principalFrom(), source(socket));
    }

    private static InetAddress source(NetSocketInternal socket) {
        if (socket.channelHandlerContext().channel().remoteAddress() instanceof InetSocketAddress address) {
            return address.getAddress();
        }
        return InetAddress.getLoopbackAddress();
    }

    private static Object peer(NetSocketInternal socket) {
        return String.valueOf(socket.remoteAddress());
    }
}
