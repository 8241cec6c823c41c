package dev.weir.proxy.rule;

import dev.weir.policy.decide.RuleRef;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.InvalidBatchException.InvalidRecord;
import dev.weir.proxy.deadletter.Keeping;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What a producer is told of a batch with records that belong into a dead-letter topic.
 *
 * @param told the first of them, in order
 * @param bad how many there are, of as many as the batch has
 * @param numbered whether the producer numbers its batches
 */
record Verdict(RuleRef rule, String deadLetterTopic, List<InvalidRecord> told, int bad, int count, boolean numbered) {

    /**
     * Why the partition is refused, now that it is known what became of its bad records; {@code null} when it is not. A batch
     * that is numbered always is: the broker would miss it, were it acknowledged without having been there.
     */
    @Nullable
    InvalidBatchException refusal(Keeping keeping) {
        if (keeping instanceof Keeping.Failed failed) {
            return failed.forGood()
                    ? new InvalidBatchException(
                            Errors.INVALID_RECORD,
                            refused() + ", and cannot be kept in topic " + deadLetterTopic + ": " + failed.reason()
                                    + "; " + first(told),
                            told)
                    : notNow(failed.reason());
        }
        if (!numbered || !(keeping instanceof Keeping.Kept kept)) {
            return null;
        }
        List<InvalidRecord> where = new ArrayList<>(told.size());
        for (int i = 0; i < told.size(); i++) {
            Keeping.Place place = kept.places().get(i);
            where.add(new InvalidRecord(
                    told.get(i).index(),
                    told.get(i).message() + "; kept in topic " + deadLetterTopic + ", partition " + place.partition()
                            + ", offset " + place.offset()));
        }
        return new InvalidBatchException(
                Errors.INVALID_RECORD,
                refused() + " and kept in topic " + deadLetterTopic + "; " + first(where),
                where);
    }

    /** They cannot be kept now: whoever sent them keeps them, and tries again. */
    InvalidBatchException notNow(String reason) {
        return new InvalidBatchException(
                Errors.NOT_ENOUGH_REPLICAS,
                "by SchemaRule " + rule + ": " + bad + " of the batch's " + count
                        + " records belong into dead-letter topic " + deadLetterTopic + ", which cannot take them now: "
                        + reason);
    }

    private String refused() {
        return "by SchemaRule " + rule + ": " + bad + " of the batch's " + count + " records are refused";
    }

    private static String first(List<InvalidRecord> records) {
        return "the first: " + records.get(0).message();
    }
}
