package dev.weir.identity.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.certificate.IssuedCertificate;
import dev.weir.identity.certificate.KeyType;
import dev.weir.identity.certificate.Pem;
import dev.weir.identity.name.HostName;
import dev.weir.identity.name.SpiffeId;
import dev.weir.identity.name.TrustDomain;
import dev.weir.testkit.certs.TestCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BuiltInAuthorityTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void name() {
        home = folder.resolve("ca");
    }

    private BuiltInAuthority create(KeyType type) throws IdentityException {
        return BuiltInAuthority.create(home, TrustDomain.of("shop"), type, DAY.multipliedBy(10), CLOCK);
    }

    private static CertificateRequest payments(Duration lifetime) throws IdentityException {
        return CertificateRequest.service(SpiffeId.of(TrustDomain.of("shop"), "payments"), lifetime);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void whatItIssuesIsVerifiedThroughIt(KeyType type) throws Exception {
        create(type);
        BuiltInAuthority authority = BuiltInAuthority.open(home, CLOCK);
        assertThat(authority.trustDomain()).isEqualTo(TrustDomain.of("shop"));

        IssuedCertificate service = authority.issue(payments(DAY), type);
        verify(service);
        assertThat(service.certificate().getSubjectAlternativeNames())
                .containsExactly(List.of(6, "spiffe://shop/payments"));
        assertThat(service.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(service.certificate().getBasicConstraints()).isEqualTo(-1);
        assertThat(service.certificate().getSubjectX500Principal()).hasToString("CN=payments");
        assertThat(Duration.between(CLOCK.instant(), service.notAfter())).isBetween(DAY.minusMinutes(1), DAY);

        IssuedCertificate listener = authority.issue(
                CertificateRequest.listener(List.of(HostName.of("kafka.example"), HostName.of("127.0.0.1")), DAY),
                type);
        verify(listener);
        assertThat(listener.certificate().getSubjectAlternativeNames())
                .containsExactly(List.of(2, "kafka.example"), List.of(7, "127.0.0.1"));
        assertThat(listener.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(listener.certificate().getSerialNumber())
                .isNotEqualTo(service.certificate().getSerialNumber());
    }

    @Test
    void aNameThatIsTooLongForASubjectIsOnlyInTheAlternativeNames() throws Exception {
        SpiffeId id = SpiffeId.of(TrustDomain.of("shop"), "p".repeat(65));
        IssuedCertificate issued = create(KeyType.EC_P256).issue(CertificateRequest.service(id, DAY), KeyType.EC_P256);
        verify(issued);
        assertThat(issued.certificate().getSubjectX500Principal().getName()).isEmpty();
        assertThat(issued.certificate().getCriticalExtensionOIDs()).contains("2.5.29.17");
        assertThat(issued.certificate().getSubjectAlternativeNames()).containsExactly(List.of(6, id.uri()));
    }

    @Test
    void itsFilesAreForTheirOwnerAlone() throws Exception {
        create(KeyType.EC_P256);
        for (String name : List.of("ca.pem", "ca-key.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(name))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                .isEqualTo("rwx------");
        assertThat(Files.readString(home.resolve("ca-key.pem"))).startsWith("-----BEGIN PRIVATE KEY-----");
        try (var files = Files.list(home)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void aSecondOneIsNotMadeOverTheFirst() throws Exception {
        create(KeyType.EC_P256);
        String before = Files.readString(home.resolve("ca-key.pem"));
        assertThatThrownBy(() -> create(KeyType.EC_P256))
                .hasMessageContaining("already holds ca.pem and ca-key.pem")
                .hasMessageContaining("choose another folder");
        assertThat(Files.readString(home.resolve("ca-key.pem"))).isEqualTo(before);
    }

    @Test
    void saysWhyAFolderIsNoAuthority() throws Exception {
        assertThatThrownBy(() -> BuiltInAuthority.open(home, CLOCK))
                .hasMessageContaining("does not exist. Make one with: weir identity init --dir " + home);

        create(KeyType.EC_P256);
        Path other = folder.resolve("other");
        BuiltInAuthority.create(other, TrustDomain.of("shop"), KeyType.EC_P256, DAY, CLOCK);
        Files.copy(other.resolve("ca-key.pem"), home.resolve("ca-key.pem"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> BuiltInAuthority.open(home, CLOCK))
                .hasMessageContaining("is not the key of ca.pem beside it");

        Files.writeString(home.resolve("ca-key.pem"), "secret words");
        assertThatThrownBy(() -> BuiltInAuthority.open(home, CLOCK))
                .hasMessageContaining("there is no private key without a passphrase in it")
                .hasMessageNotContaining("secret words");

        TestCa foreign = TestCa.create(folder.resolve("foreign"), "foreign");
        Files.copy(foreign.pem(), home.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> BuiltInAuthority.open(home, CLOCK)).isInstanceOf(IdentityException.class);

        IssuedCertificate leaf =
                BuiltInAuthority.open(other, CLOCK).issue(payments(Duration.ofHours(1)), KeyType.EC_P256);
        Files.writeString(home.resolve("ca.pem"), Pem.of(leaf.chain()));
        Files.writeString(home.resolve("ca-key.pem"), Pem.of(leaf.key()));
        assertThatThrownBy(() -> BuiltInAuthority.open(home, CLOCK))
                .hasMessageContaining("is not the certificate of an authority");
    }

    @Test
    void nothingOutlivesTheAuthority() throws Exception {
        BuiltInAuthority authority = create(KeyType.EC_P256);
        CertificateRequest longer = payments(DAY.multipliedBy(11));
        assertThatThrownBy(() -> authority.issue(longer, KeyType.EC_P256))
                .hasMessageContaining("the authority's own certificate ends at " + authority.notAfter());
    }

    @Test
    void nothingShowsAKey() throws Exception {
        BuiltInAuthority authority = create(KeyType.EC_P256);
        IssuedCertificate issued = authority.issue(payments(DAY), KeyType.EC_P256);
        assertThat(authority + " " + issued).doesNotContain("PRIVATE").doesNotContain("key");
    }

    private static void verify(IssuedCertificate issued) throws Exception {
        X509Certificate root = issued.authorities().get(0);
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(issued.chain()), parameters);
    }
}
