package dev.weir.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredCredentialTest {
    @Test
    void aPasswordIsForPlainUnlessItSaysOtherwise() throws IOException {
        assertThat(StoredCredential.parse(map("username=p password=secret")).sasl())
                .isEqualTo(new UpstreamSasl.Password(Mechanism.PLAIN, "p", "secret"));
        assertThat(StoredCredential.parse(map("mechanism=SCRAM-SHA-256 username=p password=secret"))
                        .sasl())
                .isEqualTo(new UpstreamSasl.Password(Mechanism.SCRAM_SHA_256, "p", "secret"));
    }

    @Test
    void bothHalvesMayBeThere(@TempDir Path dir) throws IOException {
        TestCertificate payments = TestCa.create(dir, "ca").issue(CertificateSpec.client("CN=payments"));
        Credential both = StoredCredential.parse(Map.of(
                "username",
                "p",
                "password",
                "secret",
                "certificate",
                Files.readString(payments.chainPem()),
                "key",
                Files.readString(payments.keyPem())));
        assertThat(both.certificate()).isNotNull();
        assertThat(both.sasl()).isNotNull();
        assertThat(both.toString()).doesNotContain("secret", "PRIVATE");
    }

    @Test
    void aKeyIsThatOfItsCertificate(@TempDir Path dir) throws IOException {
        TestCa ca = TestCa.create(dir, "ca");
        String certificate =
                Files.readString(ca.issue(CertificateSpec.client("CN=payments")).chainPem());
        String another =
                Files.readString(ca.issue(CertificateSpec.client("CN=other")).keyPem());
        assertThatThrownBy(() -> StoredCredential.parse(Map.of("certificate", certificate, "key", another)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not the key of the first certificate")
                .message()
                .doesNotContain("PRIVATE KEY-----");
    }

    @ParameterizedTest
    @CsvSource({
        "'', neither",
        "'username=p', '\"password\" is missing'",
        "'password=secret', neither",
        "'mechanism=SCRAM username=p password=secret', unknown",
        "'certificate=C', '\"key\" is missing'",
        "'mechanism=OAUTHBEARER clientId=a clientSecret=secret', '\"tokenEndpoint\" is missing'",
        "'mechanism=OAUTHBEARER clientId=a clientSecret=secret tokenEndpoint=x', 'is no https URL'",
        "'mechanism=OAUTHBEARER clientId=a clientSecret=secret tokenEndpoint=http://idp.example/t', 'is no https URL'",
        "'user=p password=secret', 'unknown keys [user]'"
    })
    void whatIsMissingIsSaidWithoutWhatIsThere(String stored, String why) {
        assertThatThrownBy(() -> StoredCredential.parse(map(stored)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why)
                .message()
                .doesNotContain("secret,", "=");
    }

    private static Map<String, String> map(String text) {
        return Arrays.stream(text.split(" "))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }
}
