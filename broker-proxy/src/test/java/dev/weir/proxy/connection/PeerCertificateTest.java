package dev.weir.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerCertificateTest {

    /** What {@code openssl x509 -serial} prints of these. */
    @ParameterizedTest
    @CsvSource({"1, 01", "2587, 0A1B", "255, FF", "13811284112117690563, BFAB89B982C570C3"})
    void aSerialNumberIsWrittenAsOpensslDoes(BigInteger number, String shown) {
        assertThat(PeerCertificate.serial(number)).isEqualTo(shown);
    }
}
