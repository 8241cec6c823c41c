package dev.weir.testkit.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weir.testkit.certs.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The server; on loopback. Any thread. */
public final class FakeVault implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofDays(30);

    private final FakeTokens tokens = new FakeTokens();
    private final FakePki pki = new FakePki();
    private final Map<String, Login> logins = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> secrets = new ConcurrentHashMap<>();
    private final Map<String, Role> roles = new ConcurrentHashMap<>();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final @Nullable SSLContext tls;
    private final int port;
    private volatile String namespace = "";
    private volatile int failing;
    private volatile @Nullable CountDownLatch held;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    /** Secret is the secret id or JWT; longest is how long a token may live in all. */
    private record Login(String field, String secret, Duration lifetime, Duration longest) {}

    private record Role(Predicate<String> allowed, Duration longest) {}

    private record Answer(int status, Object body) {}

    private FakeVault(@Nullable SSLContext tls) {
        this.tls = tls;
        this.port = listen(0);
    }

    /** Over HTTP. */
    public static FakeVault start() {
        return new FakeVault(null);
    }

    /** Over HTTPS. */
    public static FakeVault start(TestCertificate certificate) {
        return new FakeVault(certificate.serverContext());
    }

    private synchronized int listen(int wanted) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted);
            HttpServer made;
            if (tls == null) {
                made = HttpServer.create(address, 0);
            } else {
                HttpsServer secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                made = secure;
            }
            ExecutorService pool = Executors.newCachedThreadPool();
            made.setExecutor(pool);
            made.createContext("/v1/", this::handle);
            made.start();
            server = made;
            threads = pool;
            return made.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a fake Vault", e);
        }
    }

    public URI address() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + port);
    }

    /** A token that never ends. */
    public void token(String token) {
        tokens.put(token, Duration.ZERO, LONGEST, false);
    }

    /** A token that ends. */
    public void token(String token, Duration lifetime, boolean renewable) {
        tokens.put(token, lifetime, LONGEST, renewable);
    }

    /** Lets a role log in by AppRole. */
    public void appRole(String roleId, String secretId, Duration lifetime, Duration longest) {
        logins.put("auth/approle/login " + roleId, new Login("secret_id", secretId, lifetime, longest));
    }

    /** Lets a service account log in. */
    public void kubernetes(String role, String jwt, Duration lifetime) {
        logins.put("auth/kubernetes/login " + role, new Login("jwt", jwt, lifetime, LONGEST));
    }

    /** Puts a KV secret of version 2; its path has {@code data/} in it. */
    public void put(String path, Map<String, String> fields) {
        secrets.put(path, Map.copyOf(fields));
    }

    /** Takes a secret away. */
    public void remove(String path) {
        secrets.remove(path);
    }

    /** Lets a role sign, at {@code pki/sign/ROLE}; longest is how long its certificates may live. */
    public void role(String path, Predicate<String> allowedNames, Duration longest) {
        roles.put(path, new Role(allowedNames, longest));
    }

    /** What signs, in the end. */
    public X509Certificate root() {
        return pki.root();
    }

    /** Answers 403 for this path from now on. */
    public void deny(String path) {
        denied.add(path);
    }

    /** Takes {@link #deny} back. */
    public void allow(String path) {
        denied.remove(path);
    }

    /** Only requests with this namespace are known. */
    public void namespace(String name) {
        namespace = name;
    }

    /** Every request is answered with this status from now on; 0 for none. 503 is what a sealed Vault says. */
    public void fail(int status) {
        failing = status;
    }

    /** Answers nothing until {@link #release}. */
    public void hold() {
        held = new CountDownLatch(1);
    }

    /** Takes {@link #hold} back. */
    public void release() {
        CountDownLatch waiting = held;
        held = null;
        if (waiting != null) {
            waiting.countDown();
        }
    }

    public void revokeTokens() {
        tokens.revokeAll();
    }

    /** How often a path was asked for. */
    public int requests(String path) {
        AtomicInteger count = requests.get(path);
        return count == null ? 0 : count.get();
    }

    /** Stops to listen; the state stays. */
    public synchronized void stop() {
        release();
        HttpServer running = server;
        if (running != null) {
            running.stop(0);
            server = null;
        }
        ExecutorService pool = threads;
        if (pool != null) {
            pool.shutdownNow();
            threads = null;
        }
    }

    /** Listens again, at the same port. */
    public void restart() {
        listen(port);
    }

    @Override
    public void close() {
        stop();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] content = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath().substring("/v1/".length());
            requests.computeIfAbsent(path, absent -> new AtomicInteger()).incrementAndGet();
            CountDownLatch waiting = held;
            if (waiting != null) {
                waiting.await();
            }
            Answer answer = answer(exchange, path, content.length == 0 ? JSON.nullNode() : JSON.readTree(content));
            byte[] bytes = JSON.writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer answer(HttpExchange exchange, String path, JsonNode body) {
        if (failing != 0) {
            return errors(failing, failing == 503 ? "Vault is sealed" : "internal error");
        }
        String inNamespace =
                Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Vault-Namespace"), "");
        if (!inNamespace.equals(namespace)) {
            return errors(403, "permission denied");
        }
        if (path.startsWith("auth/") && path.endsWith("/login")) {
            return login(path, body);
        }
        String token = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Vault-Token"), "");
        if (!tokens.knows(token)) {
            return errors(403, "permission denied", "invalid token");
        }
        if (denied.contains(path)) {
            return errors(403, "1 error occurred:\n\t* permission denied\n\n");
        }
        return switch (path) {
            case "auth/token/lookup-self" -> lookup(token);
            case "auth/token/renew-self" -> renew(token);
            default -> secretOrCertificate(path, body);
        };
    }

    private Answer login(String path, JsonNode body) {
        boolean account = path.startsWith("auth/kubernetes/");
        String role = body.path(account ? "role" : "role_id").asText();
        Login login = logins.get(path + " " + role);
        if (login == null || !login.secret().equals(body.path(login.field()).asText())) {
            return account ? errors(403, "permission denied") : errors(400, "invalid role or secret ID");
        }
        String token = tokens.create(login.lifetime(), login.longest(), true);
        return auth(token, login.lifetime().toSeconds());
    }

    private Answer renew(String token) {
        if (!tokens.isRenewable(token)) {
            return errors(400, "lease is not renewable");
        }
        tokens.renew(token);
        return auth(token, tokens.left(token));
    }

    private static Answer auth(String token, long seconds) {
        Map<String, Object> answer = envelope(null);
        answer.put(
                "auth",
                Map.of(
                        "client_token",
                        token,
                        "accessor",
                        "accessor",
                        "policies",
                        List.of("default", "weir"),
                        "lease_duration",
                        seconds,
                        "renewable",
                        true));
        return new Answer(200, answer);
    }

    private Answer lookup(String token) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", token);
        data.put("policies", List.of("default", "weir"));
        data.put("ttl", tokens.left(token));
        data.put("renewable", tokens.isRenewable(token));
        return new Answer(200, envelope(data));
    }

    private Answer secretOrCertificate(String path, JsonNode body) {
        Role role = roles.get(path);
        if (role != null) {
            try {
                return new Answer(200, envelope(pki.sign(body, role.allowed(), role.longest())));
            } catch (IllegalArgumentException e) {
                return errors(400, String.valueOf(e.getMessage()));
            }
        }
        Map<String, String> secret = secrets.get(path);
        if (secret == null) {
            return new Answer(404, Map.of("errors", List.of()));
        }
        return new Answer(200, envelope(Map.of("data", secret, "metadata", Map.of("version", 1, "destroyed", false))));
    }

    private static Map<String, Object> envelope(@Nullable Object data) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("request_id", "0");
        answer.put("lease_id", "");
        answer.put("renewable", false);
        answer.put("lease_duration", 0);
        answer.put("data", data);
        return answer;
    }

    private static Answer errors(int status, String... errors) {
        return new Answer(status, Map.of("errors", List.of(errors)));
    }
}
