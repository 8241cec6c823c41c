package dev.weir.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MatchingTest {
    private static final PartitionRef PARTITION = new PartitionRef("payments", 0);

    @Test
    void keysThatAreListedAreTheCanarysAtAnyWeightAndOthersAtNone() {
        Set<String> keys =
                IntStream.range(0, 1_000).mapToObj(i -> "customer-" + i).collect(Collectors.toSet());
        Buckets buckets = Matching.keys(keys);

        assertThat(keys).allMatch(key -> owner(buckets, 1, new Fields(key, null, null)) == Side.CANARY);
        assertThat(owner(buckets, Weight.ALL, new Fields("customer-1000", null, null)))
                .isEqualTo(Side.STABLE);
        assertThat(owner(buckets, Weight.ALL, new Fields(null, null, null))).isEqualTo(Side.STABLE);
        assertThat(owner(buckets, 0, new Fields("customer-1", null, null))).isEqualTo(Side.STABLE);
    }

    @Test
    void aHeaderThatHasOneOfTheValuesIsTheCanarys() {
        Buckets buckets = Matching.header("variant", Set.of("b", "ü"));

        assertThat(owner(buckets, Weight.ALL, new Fields("k", "variant", "b"))).isEqualTo(Side.CANARY);
        assertThat(owner(buckets, Weight.ALL, new Fields(null, "variant", "ü"))).isEqualTo(Side.CANARY);
        assertThat(owner(buckets, Weight.ALL, new Fields("b", "variant", "a"))).isEqualTo(Side.STABLE);
        assertThat(owner(buckets, Weight.ALL, new Fields("b", "other", "b"))).isEqualTo(Side.STABLE);
    }

    @Test
    void slicesTakeARecordByItsKeyAndOneWithoutByItsPlace() {
        Slices slices = new Slices("payments");
        byte[] key = "customer-1".getBytes(StandardCharsets.UTF_8);

        assertThat(slices.bucket(3, 17, new Fields("customer-1", null, null)))
                .isEqualTo(slices.bucket(key, 0, key.length));
        assertThat(slices.bucket(3, 17, new Fields(null, null, null))).isEqualTo(slices.bucketOfKeyless(3, 17));
    }

    private static Side owner(Buckets buckets, int basisPoints, RecordFields record) {
        EpochTable table =
                EpochTable.EMPTY.with(new Epoch(1, new Weight(basisPoints), Handover.UNORDERED, Map.of(PARTITION, 0L)));
        return table.of(PARTITION).owner(0, buckets.bucket(0, 0, record));
    }

    /** One header, and all of it in one array with something around. */
    private record Fields(
            @Nullable String key,
            @Nullable String header,
            @Nullable String value) implements RecordFields {
        @Override
        public byte[] bytes() {
            return ("xx" + key + "y" + value + "z").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int keyOffset() {
            return 2;
        }

        @Override
        public int keyBytes() {
            return key == null ? -1 : key.getBytes(StandardCharsets.UTF_8).length;
        }

        @Override
        public boolean findHeader(byte[] name) {
            return header != null && Arrays.equals(name, header.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int headerOffset() {
            return ("xx" + key + "y").getBytes(StandardCharsets.UTF_8).length;
        }

        @Override
        public int headerBytes() {
            return String.valueOf(value).getBytes(StandardCharsets.UTF_8).length;
        }
    }
}
