package dev.weir.testkit.idp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * An identity provider over HTTP on loopback: OpenID Connect discovery, keys, and tokens for client credentials, signed by
 * ES256. Any client gets a token for itself, with whatever secret; it lasts as long as {@link #lifetimeSeconds} says.
 */
public final class TestIdp implements AutoCloseable {
    public static final String AUDIENCE = "kafka";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger keyNumber = new AtomicInteger();
    private final AtomicInteger keyFetches = new AtomicInteger();
    private volatile List<PublicJsonWebKey> keys;
    private volatile boolean down;
    private volatile int lifetimeSeconds = 300;

    private TestIdp(HttpServer server) {
        this.server = server;
        this.keys = List.of(newKey());
        server.setExecutor(threads);
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> answer(
                        exchange,
                        () -> "{\"issuer\": \"" + issuer() + "\", \"jwks_uri\": \"" + jwksUrl() + "\","
                                + " \"authorization_endpoint\": \"" + issuer() + "/authorize\","
                                + " \"subject_types_supported\": [\"public\"],"
                                + " \"token_endpoint\": \"" + tokenEndpoint() + "\"}"));
        server.createContext("/keys", exchange -> {
            keyFetches.incrementAndGet();
            answer(exchange, this::keySet);
        });
        server.createContext("/token", exchange -> {
            exchange.getRequestBody().readAllBytes();
            String client = client(exchange);
            answer(
                    exchange,
                    () -> "{\"access_token\": \"" + token(claims -> claims.setSubject(client))
                            + "\", \"token_type\": \"Bearer\", \"expires_in\": " + lifetimeSeconds + "}");
        });
    }

    public static TestIdp start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestIdp idp = new TestIdp(server);
            server.start();
            return idp;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What tokens carry as {@code iss}, and where discovery begins. */
    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Where its keys are. */
    public String jwksUrl() {
        return issuer() + "/keys";
    }

    public String tokenEndpoint() {
        return issuer() + "/token";
    }

    public void lifetimeSeconds(int seconds) {
        lifetimeSeconds = seconds;
    }

    /** Answers everything with status 503 from now on, or serves again. */
    public void down(boolean now) {
        down = now;
    }

    /** How often the keys were asked for. */
    public int keyFetches() {
        return keyFetches.get();
    }

    /** The key that signs now, with its private half. */
    public PublicJsonWebKey key() {
        return keys.get(0);
    }

    /** Signs with a new key from now on, and still publishes the others. */
    public void rotate() {
        List<PublicJsonWebKey> next = new ArrayList<>(keys);
        next.add(0, newKey());
        keys = List.copyOf(next);
    }

    /** Publishes no key but the one that signs now. */
    public void withdrawOldKeys() {
        keys = List.of(key());
    }

    /** A good token for {@value #AUDIENCE} after {@code changes} were made to it. */
    public String token(Consumer<JwtClaims> changes) {
        return sign(claims(changes), key(), AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    }

    /** Claims that would be good. */
    public JwtClaims claims(Consumer<JwtClaims> changes) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer());
        claims.setAudience(AUDIENCE);
        claims.setSubject("shop");
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(lifetimeSeconds / 60f);
        changes.accept(claims);
        return claims;
    }

    /** Signs claims with any key, its id in the header. */
    public static String sign(JwtClaims claims, PublicJsonWebKey key, String algorithm) {
        try {
            JsonWebSignature token = new JsonWebSignature();
            token.setPayload(claims.toJson());
            token.setKey(key.getPrivateKey());
            token.setKeyIdHeaderValue(key.getKeyId());
            token.setAlgorithmHeaderValue(algorithm);
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("token cannot be signed", e);
        }
    }

    /** A new P-256 key that nobody knows of. */
    public PublicJsonWebKey newKey() {
        try {
            PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId("key-" + keyNumber.incrementAndGet());
            key.setUse("sig");
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException("this JDK makes no P-256 keys", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private String keySet() {
        return new JsonWebKeySet(keys).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    /** From HTTP's basic authentication. */
    private static String client(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || !header.startsWith("Basic ")) {
            return "nobody";
        }
        String pair =
                new String(Base64.getDecoder().decode(header.substring("Basic ".length())), StandardCharsets.UTF_8);
        return pair.substring(0, pair.indexOf(':'));
    }

    private void answer(HttpExchange exchange, Supplier<String> json) throws IOException {
        try (exchange) {
            byte[] body = down ? new byte[0] : json.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(down ? 503 : 200, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
