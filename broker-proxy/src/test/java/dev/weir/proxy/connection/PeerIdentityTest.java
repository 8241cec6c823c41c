package dev.weir.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Principal;
import dev.weir.mesh.Subject;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of a trusted authority, with names that are meant to be mistaken for those of others. */
class PeerIdentityTest {
    private static final List<CertificatePrincipal> FROM =
            List.of(CertificatePrincipal.SAN_URI, CertificatePrincipal.SAN_DNS, CertificatePrincipal.SUBJECT_CN);

    @TempDir
    private static Path folder;

    private static TestCa authority;

    @BeforeAll
    static void makeAuthority() {
        authority = TestCa.create(folder, "authority");
    }

    private static Subject subject(CertificateSpec spec) {
        return PeerIdentity.of(
                true, authority.issue(spec.withFileName("peer")).chain(), FROM, InetAddress.getLoopbackAddress());
    }

    @Test
    void aWildcardIsANameLikeAnyOther() {
        Subject subject = subject(CertificateSpec.client("CN=laptop").withDns("*.shop.example"));

        assertThat(subject.principal()).isEqualTo(Principal.user("*.shop.example"));
        assertThat(subject.subjectAlternativeNames()).containsExactly("*.shop.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payments.shop.example\0.evil.example",
                "payments.shop.example\0",
                "\0payments.shop.example",
                "payments.shop.example\n",
                "payments.shop.example ",
                "*"
            })
    void aNameThatProgramsMayReadInTwoWaysIsNone(String name) {
        Subject byDns = subject(CertificateSpec.client("CN=laptop").withDns(name));
        Subject byUri = subject(CertificateSpec.client("CN=laptop").withUri("spiffe://shop/" + name));

        assertThat(byDns.principal()).isEqualTo(Principal.user("laptop"));
        assertThat(byDns.subjectAlternativeNames()).isEmpty();
        if (!name.equals("*")) {
            assertThat(byUri.subjectAlternativeNames()).isEmpty();
        }
        assertThat(byUri.principal()).isNotEqualTo(Principal.user("spiffe://shop/payments.shop.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pay/ments", "shop/../payments", "payments/"})
    void aSlashCutsNothingOff(String name) {
        assertThat(subject(CertificateSpec.client("CN=laptop").withUri("spiffe://shop/" + name))
                        .principal())
                .isEqualTo(Principal.user("spiffe://shop/" + name));
        assertThat(subject(CertificateSpec.client("CN=" + name)).principal()).isEqualTo(Principal.user(name));
    }

    @Test
    void aNameThatIsTooLongIsNone() {
        assertThat(subject(CertificateSpec.client("CN=laptop").withDns("a".repeat(3_000)))
                        .principal())
                .isEqualTo(Principal.user("laptop"));
    }

    @Test
    void noOtherPartOfTheCertificateNamesItsBearer() {
        Subject subject = subject(CertificateSpec.client("O=Shop").withEmail("payments@shop.example"));

        assertThat(subject.principal()).isEqualTo(Principal.ANONYMOUS);
        assertThat(subject.subjectAlternativeNames()).isEmpty();
    }
}
