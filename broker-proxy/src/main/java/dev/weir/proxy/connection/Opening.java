package dev.weir.proxy.connection;

import dev.weir.mesh.Subject;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.upstream.UpstreamConnector.AuthenticatedSocket;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.function.Consumer;

/**
 * How a connection gets from a client that is who it says to a broker that is there for it. Where brokers are to know the
 * client as a Service, and may refuse it, the broker comes first; where the client logged in at its broker, it is there; else the
 * client is told that it is in, and its broker is connected next.
 * On the connection's event loop.
 */
final class Opening {
    private final Connection connection;
    private final NetSocketInternal socket;
    private final Lifetime lifetime;
    private final BrokerSide broker;
    private final ResponseReader responses;

    Opening(
            Connection connection,
            NetSocketInternal socket,
            Lifetime lifetime,
            BrokerSide broker,
            ResponseReader responses) {
        this.connection = connection;
        this.socket = socket;
        this.lifetime = lifetime;
        this.broker = broker;
        this.responses = responses;
    }

    /**
     * The client is who it says.
     *
     * @param in answers the log-in
     * @param out told why there is no way to brokers for this client; ends the connection
     */
    void begin(Subject who, Runnable in, Consumer<String> out) {
        ClientSession session = connection.session();
        session.authenticated(who);
        AuthenticatedSocket own = broker.loggedIn();
        if (own != null) {
            in.run();
            open(session);
            attach(own);
        } else if (!broker.isByService()) {
            in.run();
            open(session);
            connection.await(broker.connect(session.service()), this::attach, this::noBroker);
        } else {
            connection.await(
                    broker.connect(session.service()),
                    upstream -> {
                        in.run();
                        open(session);
                        attach(upstream);
                    },
                    cause -> {
                        if (BrokerSide.isRefusal(cause)) {
                            String reason = String.valueOf(cause.getMessage());
                            tell(who, session, reason);
                            out.accept(reason);
                        } else {
                            noBroker(cause);
                        }
                    });
        }
    }

    private void open(ClientSession session) {
        lifetime.authenticated();
        ConnectionReports reports = connection.reports();
        if (reports != null) {
            reports.logIns()
                    .succeeded(
                            session.subject(),
                            session.authorizer(""),
                            PeerCertificate.validity(socket.isSsl() ? socket.sslSession() : null));
        }
    }

    /** It is known who the client is, so the audit has that in place of what it claimed. */
    private void tell(Subject who, ClientSession session, String reason) {
        ConnectionReports reports = connection.reports();
        if (reports != null) {
            reports.logIns().refused(who, session.service(), reason);
        }
    }

    private void attach(AuthenticatedSocket upstream) {
        if (!broker.attach(upstream, responses)) {
            connection.shut();
        }
    }

    private void noBroker(Throwable cause) {
        connection.refuse(RefusalReason.NO_BROKER, String.valueOf(cause.getMessage()));
    }
}
