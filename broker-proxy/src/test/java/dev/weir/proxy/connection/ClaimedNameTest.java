package dev.weir.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimedNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "^checkout^secret | checkout",
                "admin^checkout^secret | checkout",
                "^checkout | ''",
                "secret | ''",
                "n,,n=checkout,r=fyko | checkout",
                "n,a=other,n=check=2Cout=3D,r=fyko | check,out=",
                "c=biws,r=fyko,p=v0X8 | ''",
                "n,,~auth=Bearer abc.def~~ | ''",
            })
    void isTheNameAndNothingThatFollowsIt(String message, String name) {
        byte[] sent = message.replace('^', '\0').replace('~', '\1').getBytes(StandardCharsets.UTF_8);
        assertThat(ClaimedName.of(sent)).isEqualTo(name);
    }
}
