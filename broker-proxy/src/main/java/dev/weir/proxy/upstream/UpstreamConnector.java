package dev.weir.proxy.upstream;

import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.provider.ProviderException;
import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.tls.Handshakes;
import dev.weir.proxy.wire.MessageCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the brokers of one cluster: TCP, then TLS, then SASL, as configured. A connection belongs to the
 * event loop that asked for it. Keeps the {@link NetClient} alive: one that nobody refers to is collected, and its
 * connections die with it.
 */
public final class UpstreamConnector implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int LOG_IN_TIMEOUT_MILLIS = 10_000;

    private static final Credential NO_LOG_IN = new Credential(null, null);

    private final Vertx vertx;
    private final @Nullable UpstreamSasl sasl;
    private final MessageCodec codec;
    private final UpstreamSecrets secrets;
    private final NetClient client;
    private final TokenSources tokens = new TokenSources();

    /**
     * Reads certificates now, and follows them.
     *
     * @param handshakes does the arithmetic of TLS handshakes
     * @throws IllegalArgumentException when they cannot be used
     */
    public UpstreamConnector(Vertx vertx, ClusterConfig config, MessageCodec codec, Handshakes handshakes) {
        this.vertx = vertx;
        this.codec = codec;
        this.sasl = config.sasl();
        this.secrets = UpstreamSecrets.open(vertx, config);
        this.client = vertx.createNetClient(options(secrets.tls(), handshakes));
        secrets.follow(vertx, client::updateSSLOptions);
    }

    private static NetClientOptions options(@Nullable ClientSSLOptions tls, Handshakes handshakes) {
        NetClientOptions options = new NetClientOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        return tls == null
                ? options
                : options.setSsl(true)
                        .setSslEngineOptions(handshakes)
                        .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols())
                        .setHostnameVerificationAlgorithm(tls.getHostnameVerificationAlgorithm())
                        .setTrustOptions(tls.getTrustOptions())
                        .setKeyCertOptions(tls.getKeyCertOptions());
    }

    /** Certificates and password, as they are in force. */
    public UpstreamSecrets secrets() {
        return secrets;
    }

    /** What Weir shows now for itself, and for all clients that have nothing of their own. */
    public Credential own() {
        UpstreamSasl configured = sasl;
        return new Credential(
                null,
                configured instanceof UpstreamSasl.Password login
                        ? new UpstreamSasl.Password(login.mechanism(), login.username(), secrets.password(login))
                        : configured);
    }

    /**
     * Connects to a broker and authenticates. To be called on an event loop; the connection stays there. Fails with
     * {@link UpstreamException}.
     */
    public Future<AuthenticatedSocket> connect(Endpoint broker, Credential credential) {
        return open(broker, credential)
                .map(session -> new AuthenticatedSocket(session.client().release(), session.lifetimeMillis()));
    }

    /** Connects without a log-in, for that of somebody else. To be called on an event loop; the connection stays there. */
    public Future<BrokerClient> converse(Endpoint broker) {
        return open(broker, NO_LOG_IN).map(Session::client);
    }

    /** Connects with Weir's own credential, for Weir's own questions; it ends before its session does (KIP-368). */
    public Future<BrokerClient> connectClient(Endpoint broker) {
        return open(broker, own()).map(session -> session.client().retireBefore(session.lifetimeMillis()));
    }

    /**
     * A socket that nobody reads yet.
     *
     * @param lifetimeMillis how long the broker accepts the credentials without a new log-in (KIP-368); 0 for ever
     */
    public record AuthenticatedSocket(NetSocketInternal socket, long lifetimeMillis) {}

    private record Session(BrokerClient client, long lifetimeMillis) {}

    private Future<Session> open(Endpoint broker, Credential credential) {
        return connectSocket(broker, credential)
                .recover(e -> Future.failedFuture(
                        e instanceof UpstreamException
                                ? e
                                : new UpstreamException(
                                        UpstreamException.kindOf(e, UpstreamFailure.CONNECT),
                                        "cannot connect to broker " + broker + ": " + FailureWords.of(e),
                                        e)))
                .compose(socket -> {
                    BrokerClient conversation = new BrokerClient((NetSocketInternal) socket, codec);
                    UpstreamSasl login = credential.sasl();
                    if (login == null) {
                        return Future.succeededFuture(new Session(conversation, 0));
                    }
                    return logIn(conversation, login, broker)
                            .map(lifetimeMillis -> new Session(conversation, lifetimeMillis))
                            .onFailure(e -> conversation.close());
                });
    }

    private Future<NetSocket> connectSocket(Endpoint broker, Credential credential) {
        if (credential.certificate() == null) {
            return client.connect(broker.port(), broker.host());
        }
        ClientSSLOptions tls = secrets.tls();
        if (tls == null) {
            return Future.failedFuture(new UpstreamException(
                    UpstreamFailure.NO_CREDENTIAL, "a certificate, but the cluster is reached without TLS"));
        }
        tls.setKeyCertOptions(credential.certificate());
        return client.connect(new ConnectOptions()
                .setHost(broker.host())
                .setPort(broker.port())
                .setSsl(true)
                .setSslOptions(tls));
    }

    /**
     * Logs in again on a connection that is in use (KIP-368). To be called on its event loop.
     *
     * @param broker for messages
     * @return how long it holds, in milliseconds; 0 for ever. Fails with {@link UpstreamException}
     */
    public Future<Long> logInAgain(BrokerConversation conversation, Credential credential, Object broker) {
        UpstreamSasl login = credential.sasl();
        return login == null ? Future.succeededFuture(0L) : logIn(conversation, login, broker);
    }

    private Future<Long> logIn(BrokerConversation conversation, UpstreamSasl login, Object broker) {
        Context context = vertx.getOrCreateContext();
        return client(login, context)
                .recover(e -> Future.failedFuture(new UpstreamException(
                        UpstreamFailure.CREDENTIALS,
                        "nothing to log in with at broker " + broker + ": " + ProviderException.reason(e),
                        e)))
                .compose(client -> new SaslLogIn(conversation, context, login, broker).run(client))
                .timeout(LOG_IN_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .recover(e -> Future.failedFuture(
                        e instanceof TimeoutException
                                ? new UpstreamException(
                                        UpstreamFailure.TIMEOUT,
                                        "broker " + broker + " did not answer the log-in in time",
                                        e)
                                : e));
    }

    private Future<SaslClient> client(UpstreamSasl login, Context context) {
        if (login instanceof UpstreamSasl.Token token) {
            return Future.fromCompletionStage(tokens.token(token.endpoint()), context)
                    .map(SaslClients::of);
        }
        try {
            return Future.succeededFuture(SaslClients.of((UpstreamSasl.Password) login));
        } catch (SaslException e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public void close() {
        secrets.close();
        client.close();
    }
}
