package dev.weir.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.cli.CommandFailure;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The demo's identity provider, in place of the company's: OpenID Connect discovery, keys, and tokens for services that
 * show their secret (client credentials, RFC 6749, section 4.4; HTTP's basic authentication). On loopback, without TLS.
 */
final class DemoIssuer implements AutoCloseable {
    static final String AUDIENCE = "kafka";

    /** Short enough for clients to be seen renewing. */
    private static final int TOKEN_SECONDS = 300;

    private static final int STOP_SECONDS = 0;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "demo-issuer");
        thread.setDaemon(true);
        return thread;
    });
    private final PublicJsonWebKey key;
    private final Set<String> clients;
    private final String secret;

    private DemoIssuer(HttpServer server, PublicJsonWebKey key, Set<String> clients, String secret) {
        this.server = server;
        this.key = key;
        this.clients = Set.copyOf(clients);
        this.secret = secret;
        server.setExecutor(threads);
        server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, 200, discovery()));
        server.createContext("/keys", exchange -> answer(exchange, 200, keys()));
        server.createContext("/token", this::token);
    }

    /**
     * Starts it at any free port.
     *
     * @param clients who gets a token, for itself
     * @param secret of all of them
     */
    static DemoIssuer start(Set<String> clients, String secret) {
        try {
            PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId("demo");
            key.setUse("sig");
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            DemoIssuer issuer = new DemoIssuer(server, key, clients, secret);
            server.start();
            return issuer;
        } catch (IOException | JoseException e) {
            throw new CommandFailure("the demo's token issuer cannot be started: " + FailureWords.ofItself(e), e);
        }
    }

    /** What tokens carry as {@code iss}, and where discovery begins. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String tokenEndpoint() {
        return url() + "/token";
    }

    private String discovery() {
        return JsonUtil.toJson(Map.of("issuer", url(), "jwks_uri", url() + "/keys", "token_endpoint", tokenEndpoint()));
    }

    private String keys() {
        return new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    private void token(HttpExchange exchange) throws IOException {
        String client = client(exchange.getRequestHeaders().getFirst("Authorization"));
        if (client == null) {
            answer(exchange, 401, JsonUtil.toJson(Map.of("error", "invalid_client")));
            return;
        }
        try {
            answer(
                    exchange,
                    200,
                    JsonUtil.toJson(Map.of(
                            "access_token", signed(client), "token_type", "Bearer", "expires_in", TOKEN_SECONDS)));
        } catch (JoseException e) {
            throw new IOException("a token cannot be signed", e);
        }
    }

    /** Who shows its name and the secret; {@code null} for nobody. */
    private @Nullable String client(@Nullable String authorization) {
        for (String client : clients) {
            String pair = Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
            if (("Basic " + pair).equals(authorization)) {
                return client;
            }
        }
        return null;
    }

    private String signed(String client) throws JoseException {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(url());
        claims.setAudience(AUDIENCE);
        claims.setSubject(client);
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(TOKEN_SECONDS / 60f);
        JsonWebSignature token = new JsonWebSignature();
        token.setPayload(claims.toJson());
        token.setKey(key.getPrivateKey());
        token.setKeyIdHeaderValue(key.getKeyId());
        token.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        return token.getCompactSerialization();
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(STOP_SECONDS);
        threads.shutdownNow();
    }
}
