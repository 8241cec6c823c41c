package dev.weir.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    @TempDir
    private Path folder;

    @Test
    void aListenerMeetsItself() throws Exception {
        TestCertificate shown = TestCa.create(folder, "ca").issue(CertificateSpec.server());
        Vertx vertx = Vertx.vertx();
        try {
            KeyManagerFactory keys = new PemKeyCertOptions()
                    .setCertPath(shown.chainPem().toString())
                    .setKeyPath(shown.keyPem().toString())
                    .getKeyManagerFactory(vertx);
            assertThat(Rehearsal.run(keys, 1)).isOne();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
