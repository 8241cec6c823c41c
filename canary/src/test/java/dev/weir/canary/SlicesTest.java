package dev.weir.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.IntStream;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {
    private static final int KEYS = 100_000;

    @Test
    void theHashIsXxHash64() {
        var oracle = XXHashFactory.safeInstance().hash64();
        Random random = new Random(1);
        for (int lengthBytes = 0; lengthBytes < 200; lengthBytes++) {
            byte[] bytes = new byte[lengthBytes + 3];
            random.nextBytes(bytes);
            long seed = random.nextLong();

            assertThat(KeyHash.of(bytes, 3, lengthBytes, seed)).isEqualTo(oracle.hash(bytes, 3, lengthBytes, seed));
        }
        byte[] eight = {1, 2, 3, 4, 5, 6, 7, (byte) 0x88};
        assertThat(KeyHash.of(0x8807060504030201L, 42)).isEqualTo(oracle.hash(eight, 0, 8, 42));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000, 5_000})
    void aWeightIsTheShareOfKeys(int basisPoints) {
        Slices slices = new Slices("payments");
        Weight weight = new Weight(basisPoints);

        long canary = IntStream.range(0, KEYS)
                .filter(i -> weight.owner(bucket(slices, "customer-" + i)) == Side.CANARY)
                .count();
        long keyless = IntStream.range(0, KEYS)
                .filter(i -> weight.owner(slices.bucketOfKeyless(i % 7, i)) == Side.CANARY)
                .count();

        double expected = KEYS * (double) basisPoints / Weight.ALL;
        double spread = 5 * Math.sqrt(expected);
        assertThat((double) canary).isCloseTo(expected, within(spread));
        assertThat((double) keyless).isCloseTo(expected, within(spread));
    }

    @Test
    void aKeyHasOneBucketInACanaryAndAnotherInTheNext() {
        assertThat(bucket(new Slices("payments"), "customer-1"))
                .isEqualTo(bucket(new Slices("payments"), "customer-1"));
        long same = IntStream.range(0, KEYS)
                .filter(i ->
                        bucket(new Slices("payments"), "c" + i) / 100 == bucket(new Slices("orders"), "c" + i) / 100)
                .count();
        assertThat(same).isBetween(KEYS / 200L, KEYS / 50L);
    }

    @ParameterizedTest
    @CsvSource({"0%, 0", "1%, 100", "0.5%, 50", "12.34 %, 1234", "100%, 10000", "' 10% ', 1000"})
    void weightsAreReadAsPeopleWriteThem(String text, int basisPoints) {
        assertThat(Weight.parse(text)).isEqualTo(new Weight(basisPoints));
        assertThat(Weight.parse(Weight.parse(text).toString())).isEqualTo(new Weight(basisPoints));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "101%", "-1%", "0.001%", "ten percent", "1e1%", "100.01%"})
    void whatIsNoWeightIsSaidSo(String text) {
        assertThatThrownBy(() -> Weight.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found '" + text
                        + "', expected a percentage from 0% to 100% with at most two decimals, as 10% or 0.5%");
    }

    private static int bucket(Slices slices, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return slices.bucket(bytes, 0, bytes.length);
    }
}
