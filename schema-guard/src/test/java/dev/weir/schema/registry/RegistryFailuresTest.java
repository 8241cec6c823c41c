package dev.weir.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weir.schema.Reason;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.schema.registry.SchemaDemand.Level;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.registry.FakeRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertPathValidatorException;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said when a registry is asked in vain, and what is not taken for its answer. */
class RegistryFailuresTest {
    private static final SchemaDemand ID =
            new SchemaDemand(SubjectNaming.Strategy.TOPIC, Level.ID, Reading.of(Framing.CONFLUENT_PREFIX));
    private static final RegistrySettings SETTINGS =
            RegistrySettings.of("main", URI.create("https://registry.example:8081/api"), 3_000);

    @TempDir
    private Path dir;

    private static Lookup find(URI url, SchemaRef ref) {
        return find(url, ref, ID);
    }

    private static Lookup find(URI url, SchemaRef ref, SchemaDemand demand) {
        HttpClient http = HttpClient.newHttpClient();
        SchemaRegistry registry = new SchemaRegistry(
                RegistrySettings.of("main", url, 30_000), new RegistryAccess(() -> http, Optional::empty));
        return registry.find(ref, demand, "orders", false).join();
    }

    private static void assertDown(Lookup lookup, String why) {
        assertThat(lookup)
                .isInstanceOfSatisfying(
                        Lookup.Down.class, down -> assertThat(down.why()).contains("registry main: " + why));
    }

    /** Whoever serves another API at the address knows no schema either: that says nothing of the records. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "1; {\"error_code\": 40403, \"message\": \"Schema not found\"}; true",
                "7; {\"error_code\": 404, \"name\": \"ArtifactNotFoundException\"}; true",
                "7; {\"error_code\": 404, \"name\": \"NotFoundException\"}; false",
                "1; {\"error_code\": 404, \"name\": \"NotFoundException\", \"message\": \"no resource\"}; false",
                "1; {\"error_code\": 404, \"message\": \"HTTP 404 Not Found\"}; false",
                "1; {\"error_code\": 0}; false",
                "1; <html>; false"
            })
    void onlyTheRegistryItselfSaysThatASchemaIsNotThere(int id, String body, boolean unknown) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(404, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            Lookup lookup = find(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                    id == 7 ? new SchemaRef.GlobalId(id) : new SchemaRef.Id(id));
            if (unknown) {
                assertThat(lookup)
                        .isInstanceOfSatisfying(
                                Lookup.Refused.class,
                                refused -> assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA));
            } else {
                assertDown(lookup, "it answers 404 as no registry does; is its URL that of the Confluent-compatible");
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anAddressBesideTheRegistrysIsNoMissingSchema() {
        try (FakeRegistry fake = FakeRegistry.start()) {
            fake.register("orders-value", "\"string\"");
            assertDown(find(URI.create(fake.url() + "/elsewhere"), new SchemaRef.Id(1)), "it answers 404 as no");
            assertThat(find(fake.url(), new SchemaRef.Id(1))).isInstanceOf(Lookup.Found.class);
        }
    }

    @Test
    void whereNobodyListensIsSaid() {
        URI url;
        try (FakeRegistry fake = FakeRegistry.start()) {
            url = fake.url();
        }
        assertDown(find(url, new SchemaRef.Id(1)), "it cannot be reached: no connection to " + url.getAuthority());
    }

    @Test
    void whatToLookAtIsSaidOfTls() throws Exception {
        try (FakeRegistry secure = FakeRegistry.start(TestCa.create(dir, "ca").issue(CertificateSpec.server()))) {
            assertDown(
                    find(secure.url(), new SchemaRef.Id(1)),
                    "TLS with it fails: its certificate is signed by nobody whom Weir is told to trust; tls.trust");
        }
        assertThat(failed(new SSLHandshakeException("(certificate_required) Received fatal alert")))
                .isEqualTo(
                        "TLS with it fails: it wants a certificate of Weir (tls.certificate and tls.key), and there is none");
        assertThat(failed(new IOException(new SSLHandshakeException("no name that matches"))))
                .isEqualTo("TLS with it fails: no name that matches");
        Exception expired = new CertPathValidatorException("validity check failed");
        assertThat(failed(new SSLHandshakeException("PKIX path validation failed: " + expired)))
                .isEqualTo("TLS with it fails: PKIX path validation failed: validity check failed");
    }

    @Test
    void aHostThatThereIsNotIsNamed() {
        ConnectException cause = new ConnectException();
        cause.initCause(new UnresolvedAddressException());
        assertThat(failed(cause)).isEqualTo("it cannot be reached: there is no host registry.example");
        assertThat(failed(new ConnectException("Connection timed out")))
                .isEqualTo("it cannot be reached: no connection to registry.example:8081 (Connection timed out)");
        assertThat(failed(new IOException("header parser received no bytes")))
                .isEqualTo("it cannot be reached: header parser received no bytes");
    }

    private static String failed(Throwable cause) {
        return String.valueOf(FailedQuestion.of(cause, SETTINGS).getMessage());
    }
}
