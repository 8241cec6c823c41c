package dev.weir.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholePartitionsTest {
    private static final int PARTITIONS = 200;

    /** Nobody may look at it. */
    private static final @Nullable RecordFields NO_RECORD = null;

    private final Buckets buckets = new WholePartitions();

    @Test
    void aBucketIsTheFractionalPartOfTheMultipleOfTheGoldenRatio() {
        MathContext exact = new MathContext(60);
        BigDecimal goldenRatio =
                BigDecimal.valueOf(5).sqrt(exact).add(BigDecimal.ONE).divide(BigDecimal.valueOf(2), exact);
        IntStream numbers = IntStream.concat(
                IntStream.range(0, 20_000), IntStream.of(1_000_000, Integer.MAX_VALUE - 1, Integer.MAX_VALUE));
        numbers.forEach(partition -> {
            BigDecimal fraction =
                    goldenRatio.multiply(BigDecimal.valueOf(partition)).remainder(BigDecimal.ONE);
            int expected = fraction.multiply(BigDecimal.valueOf(Weight.ALL))
                    .setScale(0, RoundingMode.FLOOR)
                    .intValueExact();
            assertThat(buckets.bucketOfAll(partition))
                    .as("partition %s", partition)
                    .isEqualTo(expected);
        });
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 6180", "2, 2360", "3, 8541", "4, 4721", "5, 901", "13, 344"})
    void bucketsNeverChangeSinceWhoOwnsOldRecordsHangsOnThem(int partition, int bucket) {
        assertThat(buckets.bucketOfAll(partition)).isEqualTo(bucket);
    }

    @Test
    void aWeightHasItsShareOfAnyNumberOfPartitions() {
        for (int count = 1; count <= PARTITIONS; count++) {
            for (int basisPoints = 1; basisPoints <= Weight.ALL; basisPoints += 9) {
                int owned = owned(count, basisPoints);
                assertThat((double) owned).isCloseTo(count * (double) basisPoints / Weight.ALL, within(2.5));
                assertThat(owned).isPositive();
            }
            assertThat(owned(count, 0)).isZero();
            assertThat(owned(count, Weight.ALL)).isEqualTo(count);
        }
    }

    @Test
    void aHigherWeightOnlyAddsPartitions() {
        Set<Integer> before = Set.of();
        for (int basisPoints = 0; basisPoints <= Weight.ALL; basisPoints += 10) {
            Weight weight = new Weight(basisPoints);
            Set<Integer> now = IntStream.range(0, PARTITIONS)
                    .filter(partition -> weight.owner(buckets.bucketOfAll(partition)) == Side.CANARY)
                    .boxed()
                    .collect(Collectors.toSet());
            assertThat(now).containsAll(before);
            before = now;
        }
    }

    /** Half of the partitions, given out one by one or in blocks: no member of two, three or four of a side is left without any. */
    @Test
    void membersOfASideHaveTheirShareHoweverPartitionsAreGivenOut() {
        int count = 24;
        Weight half = new Weight(5_000);
        for (int members = 2; members <= 4; members++) {
            Set<Integer> oneByOne = new HashSet<>();
            Set<Integer> inBlocks = new HashSet<>();
            for (int partition = 0; partition < count; partition++) {
                if (half.owner(buckets.bucketOfAll(partition)) == Side.CANARY) {
                    oneByOne.add(partition % members);
                    inBlocks.add(partition * members / count);
                }
            }
            assertThat(oneByOne).hasSize(members);
            assertThat(inBlocks).hasSize(members);
        }
    }

    @Test
    void nothingButTheNumberOfThePartitionCounts() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            int partition = random.nextInt(PARTITIONS);
            assertThat(buckets.bucket(partition, random.nextLong(Long.MAX_VALUE), NO_RECORD))
                    .isEqualTo(new WholePartitions().bucketOfAll(partition));
        }
        assertThat(new WholePartitions()).isEqualTo(buckets);
        assertThat(new Slices("payments").bucketOfAll(0)).isEqualTo(Buckets.BY_RECORD);
        assertThat(Matching.keys(Set.of("a")).bucketOfAll(0)).isEqualTo(Buckets.BY_RECORD);
    }

    /** Two proxies, of which one has read later of a partition that was added. */
    @Test
    void partitionsThatAreAddedChangeNothingOfThoseThatWereThere() {
        PartitionRef first = new PartitionRef("payments", 0);
        PartitionRef added = new PartitionRef("payments", 13);
        EpochTable before =
                EpochTable.EMPTY.with(new Epoch(1, new Weight(1_000), Handover.ORDERED, Map.of(first, 100L)));
        EpochTable after =
                before.with(new Epoch(2, new Weight(1_000), Handover.ORDERED, Map.of(first, 200L, added, 30L)));

        for (long offset = 0; offset < 300; offset++) {
            assertThat(after.of(first).owner(offset, buckets.bucketOfAll(0)))
                    .isEqualTo(before.of(first).owner(offset, buckets.bucketOfAll(0)))
                    .isEqualTo(offset < 100 ? Side.STABLE : Side.CANARY);
        }
        assertThat(after.of(added).owner(0, buckets.bucketOfAll(13))).isEqualTo(Side.CANARY);
    }

    private int owned(int count, int basisPoints) {
        int owned = 0;
        for (int partition = 0; partition < count; partition++) {
            owned += buckets.bucketOfAll(partition) < basisPoints ? 1 : 0;
        }
        return owned;
    }
}
