package dev.weir.cli.identity;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineHarness.Result;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdentityCommandTest {
    @TempDir
    private Path folder;

    private String ca;
    private String out;

    @BeforeEach
    void name() {
        ca = folder.resolve("ca").toString();
        out = folder.resolve("päy ments").toString();
    }

    private Result init() {
        return weir("identity", "init", "--dir", ca, "--trust-domain", "shop");
    }

    @Test
    void aServiceGetsAllThatItNeeds() throws IOException {
        assertThat(init().out()).startsWith("made an authority for spiffe://shop in " + ca + ", until ");
        Result result = weir("identity", "issue", "--ca", ca, "--service", "payments", "--out", out);
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("spiffe://shop/payments until ")
                .contains("client.properties", "kcat -F ", "identities: [{san: \"spiffe://shop/payments\"}]");

        Path handed = Path.of(out);
        try (Stream<Path> files = Files.list(handed)) {
            List<Path> all = files.toList();
            assertThat(all)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder(
                            "key.pem", "certificate.pem", "ca.pem", "keystore.pem", "client.properties", "kcat.conf");
            for (Path file : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(handed.resolve("client.properties"))) {
            properties.load(reader);
        }
        assertThat(properties)
                .containsEntry("bootstrap.servers", "127.0.0.1:9192")
                .containsEntry(
                        "ssl.keystore.location", handed.resolve("keystore.pem").toString());
    }

    @Test
    void whatIsThereIsReplacedOnlyWhenAsked() throws IOException {
        init();
        weir("identity", "issue", "--ca", ca, "--service", "payments", "--out", out);
        String before = Files.readString(Path.of(out, "key.pem"));

        Result refused = weir("identity", "issue", "--ca", ca, "--service", "payments", "--out", out);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("already holds key.pem", "Give --replace to renew them");
        assertThat(Files.readString(Path.of(out, "key.pem"))).isEqualTo(before);

        Result replaced = weir("identity", "issue", "--ca", ca, "--service", "payments", "--out", out, "--replace");
        assertThat(replaced.exitCode()).isZero();
        assertThat(Files.readString(Path.of(out, "key.pem"))).isNotEqualTo(before);
    }

    @Test
    void aListenerGetsWhatWeirYamlNames() {
        init();
        Result result = weir("identity", "issue", "--ca", ca, "--listener", "kafka.example,127.0.0.1", "--out", out);
        assertThat(result.out())
                .startsWith("kafka.example, 127.0.0.1 until ")
                .contains("  tls:\n    certificate: " + out + "/certificate.pem\n    key: " + out + "/key.pem");
        assertThat(Path.of(out, "client.properties")).doesNotExist();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(List.of("issue", "--service", "../x"), "\"..\" would mean another folder"),
                Arguments.of(List.of("issue", "--listener", "kafka:9192"), "\"kafka:9192\" cannot name a listener"),
                Arguments.of(List.of("issue", "--service", "a", "--listener", "b"), "mutually exclusive"),
                Arguments.of(List.of("issue"), "--service"),
                Arguments.of(List.of("issue", "--service", "a", "--ttl", "10s"), "at least; found --ttl 10s"),
                Arguments.of(
                        List.of("issue", "--service", "a", "--ttl", "7300d"), "the authority's own certificate ends"),
                Arguments.of(List.of("issue", "--service", "a", "--bootstrap", "kafka"), "expected HOST:PORT"),
                Arguments.of(List.of("issue", "--service", "a", "--key", "dsa"), "expected one of"),
                Arguments.of(List.of(), "Missing required subcommand: init, issue, explain or verify"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void saysWhatIsWrong(List<String> arguments, String expected) {
        init();
        Stream<String> rest = arguments.isEmpty()
                ? Stream.empty()
                : Stream.of("--ca", ca, "--out", folder.resolve("new").toString());
        String[] all = Stream.of(Stream.of("identity"), arguments.stream(), rest)
                .flatMap(part -> part)
                .toArray(String[]::new);
        Result result = weir(all);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(expected).doesNotContain("defect");
        assertThat(folder.resolve("new/key.pem")).doesNotExist();
    }

    @Test
    void anAuthorityIsNeeded() {
        Result result = weir("identity", "issue", "--ca", ca, "--service", "payments", "--out", out);
        assertThat(result.err()).contains("there is no authority in " + ca, "weir identity init --dir " + ca);
        assertThat(weir("identity", "init", "--dir", ca, "--trust-domain", "Shop")
                        .err())
                .contains("is no trust domain");
        assertThat(init().exitCode()).isZero();
        assertThat(init().err()).contains("already holds ca.pem and ca-key.pem");
    }
}
