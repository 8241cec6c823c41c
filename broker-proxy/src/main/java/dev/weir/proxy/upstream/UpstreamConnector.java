package dev.weir.proxy.upstream;

import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.wire.MessageCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the brokers of one cluster: TCP, then TLS, then SASL, as configured. A connection belongs to the
 * event loop that asked for it. Keeps the {@link NetClient} alive: one that nobody refers to is collected, and its
 * connections die with it.
 */
public final class UpstreamConnector implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int LOG_IN_TIMEOUT_MILLIS = 10_000;
    private static final short SASL_HANDSHAKE_VERSION = 1;
    private static final short SASL_AUTHENTICATE_VERSION = 1;

    private final ClusterConfig config;
    private final MessageCodec codec;
    private final UpstreamSecrets secrets;
    private final NetClient client;

    /**
     * Reads certificates now, and follows them.
     *
     * @throws IllegalArgumentException when they cannot be used
     */
    public UpstreamConnector(Vertx vertx, ClusterConfig config, MessageCodec codec) {
        this.codec = codec;
        this.config = config;
        this.secrets = UpstreamSecrets.open(vertx, config);
        this.client = vertx.createNetClient(options(secrets.tls()));
        secrets.follow(vertx, client::updateSSLOptions);
    }

    private static NetClientOptions options(@Nullable ClientSSLOptions tls) {
        NetClientOptions options = new NetClientOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        return tls == null
                ? options
                : options.setSsl(true)
                        .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols())
                        .setHostnameVerificationAlgorithm(tls.getHostnameVerificationAlgorithm())
                        .setTrustOptions(tls.getTrustOptions())
                        .setKeyCertOptions(tls.getKeyCertOptions());
    }

    /** Certificates and password, as they are in force. */
    public UpstreamSecrets secrets() {
        return secrets;
    }

    /**
     * Connects to a broker and authenticates. To be called on an event loop; the connection stays there. Fails with
     * {@link UpstreamException}.
     */
    public Future<AuthenticatedSocket> connect(Endpoint broker) {
        return open(broker)
                .map(session -> new AuthenticatedSocket(session.client().release(), session.lifetimeMillis()));
    }

    /** Connects as {@link #connect}, for Weir's own questions. */
    public Future<BrokerClient> connectClient(Endpoint broker) {
        return open(broker).map(Session::client);
    }

    /**
     * A socket that nobody reads yet.
     *
     * @param lifetimeMillis how long the broker accepts the credentials without a new log-in (KIP-368); 0 for ever
     */
    public record AuthenticatedSocket(NetSocketInternal socket, long lifetimeMillis) {}

    private record Session(BrokerClient client, long lifetimeMillis) {}

    private Future<Session> open(Endpoint broker) {
        return client.connect(broker.port(), broker.host())
                .recover(e -> Future.failedFuture(new UpstreamException(
                        UpstreamException.kindOf(e, UpstreamFailure.CONNECT), "cannot connect to broker " + broker, e)))
                .compose(socket -> {
                    BrokerClient conversation = new BrokerClient((NetSocketInternal) socket, codec);
                    UpstreamSasl sasl = config.sasl();
                    if (sasl == null) {
                        return Future.succeededFuture(new Session(conversation, 0));
                    }
                    return logIn(conversation, sasl.username(), secrets.password(sasl), broker)
                            .timeout(LOG_IN_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                            .recover(e -> Future.failedFuture(
                                    e instanceof TimeoutException
                                            ? new UpstreamException(
                                                    UpstreamFailure.TIMEOUT,
                                                    "broker " + broker + " did not answer the log-in in time",
                                                    e)
                                            : e))
                            .map(lifetimeMillis -> new Session(conversation, lifetimeMillis))
                            .onFailure(e -> conversation.close());
                });
    }

    private static Future<Long> logIn(BrokerClient conversation, String username, String password, Endpoint broker) {
        return conversation
                .send(
                        ApiKeys.SASL_HANDSHAKE,
                        SASL_HANDSHAKE_VERSION,
                        new SaslHandshakeRequestData().setMechanism("PLAIN"),
                        SaslHandshakeResponseData.class)
                .compose(handshake -> handshake.errorCode() == Errors.NONE.code()
                        ? conversation.send(
                                ApiKeys.SASL_AUTHENTICATE,
                                SASL_AUTHENTICATE_VERSION,
                                new SaslAuthenticateRequestData().setAuthBytes(plainToken(username, password)),
                                SaslAuthenticateResponseData.class)
                        : Future.failedFuture(new UpstreamException(
                                UpstreamFailure.CREDENTIALS,
                                "broker " + broker + " does not take SASL/PLAIN; it offers " + handshake.mechanisms())))
                .compose(answer -> answer.errorCode() == Errors.NONE.code()
                        ? Future.succeededFuture(answer.sessionLifetimeMs())
                        : Future.failedFuture(new UpstreamException(
                                UpstreamFailure.CREDENTIALS,
                                "broker " + broker + " refused user " + username + ": " + answer.errorMessage())));
    }

    private static byte[] plainToken(String username, String password) {
        return ("\0" + username + "\0" + password).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        secrets.close();
        client.close();
    }
}
