package dev.weir.testkit.idp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientProcess;
import dev.weir.testkit.net.UnusedPorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Keycloak, a process on loopback with its data in memory. Its realm {@value #REALM} is that of {@code
 * keycloak-realm.json}: services {@code checkout} and {@code stranger}, which get tokens for the audience {@code kafka}, the
 * application {@code weir}, and people. The first start takes a minute or two.
 */
public final class Keycloak implements AutoCloseable {
    public static final String REALM = "mesh";
    /** Of the realm's services, and of the application. */
    public static final String SECRET = "a-secret";
    /** Of the realm's people. */
    public static final String PASSWORD = "a-password";

    private static final String ADMIN = "admin";
    private static final Duration START_MAX = Patience.SETTLED.multipliedBy(6);

    private final ClientProcess process;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    private Keycloak(ClientProcess process, String url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts it, and waits until it answers.
     *
     * @param folder where its distribution was unpacked
     */
    public static Keycloak start(Path folder) {
        try {
            Path home = home(folder);
            Path realm = Files.createDirectories(home.resolve("data/import")).resolve(REALM + ".json");
            try (InputStream in = Keycloak.class.getResourceAsStream("keycloak-realm.json")) {
                Files.copy(Objects.requireNonNull(in), realm, StandardCopyOption.REPLACE_EXISTING);
            }
            int port = UnusedPorts.one();
            ClientProcess process = ClientProcess.start(
                    List.of(
                            home.resolve("bin/kc.sh").toString(),
                            "start-dev",
                            "--import-realm",
                            "--db=dev-mem",
                            "--cache=local",
                            "--http-host=127.0.0.1",
                            "--http-port=" + port),
                    Map.of(
                            "KC_BOOTSTRAP_ADMIN_USERNAME",
                            ADMIN,
                            "KC_BOOTSTRAP_ADMIN_PASSWORD",
                            PASSWORD,
                            "JAVA_OPTS_KC_HEAP",
                            "-Xmx512m",
                            "JAVA_OPTS_APPEND",
                            "-XX:TieredStopAtLevel=1"),
                    "");
            Keycloak started = new Keycloak(process, "http://127.0.0.1:" + port);
            started.awaitAnswer();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path home(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(path -> Files.exists(path.resolve("bin/kc.sh")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no Keycloak in " + folder));
        }
    }

    private void awaitAnswer() {
        try {
            Patience.awaitSettled().atMost(START_MAX).ignoreExceptions().until(() -> {
                if (!process.isAlive()) {
                    return true;
                }
                return get(issuer() + "/.well-known/openid-configuration").statusCode() == 200;
            });
        } catch (RuntimeException e) {
            process.close();
            throw new IllegalStateException("Keycloak does not start\n" + process, e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException("Keycloak ended\n" + process);
        }
    }

    /** What tokens carry as {@code iss}. */
    public String issuer() {
        return url + "/realms/" + REALM;
    }

    public String tokenEndpoint() {
        return issuer() + "/protocol/openid-connect/token";
    }

    /** A new token of a service or of the application, for itself. */
    public String token(String client) {
        return token(REALM, Map.of("grant_type", "client_credentials", "client_id", client, "client_secret", SECRET));
    }

    private String token(String realm, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(url + "/realms/" + realm + "/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)));
        return json(answer).path("access_token").asText();
    }

    /** Signs with a new key from now on, and still publishes the one before. */
    public void rotateKeys() {
        String administrator = token(
                "master",
                Map.of("grant_type", "password", "client_id", "admin-cli", "username", ADMIN, "password", PASSWORD));
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(url + "/admin/realms/" + REALM + "/components"))
                        .header("Authorization", "Bearer " + administrator)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("""
                        {"name": "newer", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
                         "config": {"priority": ["1000"], "algorithm": ["RS256"], "keySize": ["2048"],
                                    "enabled": ["true"], "active": ["true"]}}
                        """)));
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("no new key: " + answer.statusCode() + " " + answer.body());
        }
    }

    private HttpResponse<String> get(String address) {
        return send(HttpRequest.newBuilder(URI.create(address)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Patience.SETTLED).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("Keycloak answered " + answer.statusCode() + ": " + answer.body(), e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
