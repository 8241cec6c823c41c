package dev.weir.proxy;

import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS of listeners. */
public final class TestTls {
    private TestTls() {}

    /** Of clients without certificates. */
    public static ListenerTls of(TestCertificate server) {
        return new ListenerTls(server.chainPem(), server.keyPem(), ClientAuth.NONE, null, List.of());
    }

    /** Of clients whose certificate says who they are. */
    public static ListenerTls mutual(TestCertificate server, TestCa clients, @Nullable Path crl) {
        return new ListenerTls(
                server.chainPem(),
                server.keyPem(),
                ClientAuth.REQUIRED,
                clients.pem(),
                List.of(CertificatePrincipal.SAN_URI),
                crl);
    }
}
