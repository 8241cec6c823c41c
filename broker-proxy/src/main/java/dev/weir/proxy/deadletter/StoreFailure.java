package dev.weir.proxy.deadletter;

import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Why a record could not be kept. In words of our own: what Kafka says may name brokers, which clients are not to know.
 */
enum StoreFailure {
    TOO_LARGE("the record is too large for it", true),
    TIMESTAMP("the record's timestamp is outside of what the topic takes", true),
    DENIED("Weir's own user may not write to it", false),
    LATE("Kafka did not take it in time", false),
    /** The producer is of no more use. */
    BROKEN("Kafka does not take it", false);

    private final String words;
    private final boolean forGood;

    StoreFailure(String words, boolean forGood) {
        this.words = words;
        this.forGood = forGood;
    }

    static StoreFailure of(Exception failure) {
        if (failure instanceof RecordTooLargeException) {
            return TOO_LARGE;
        } else if (failure instanceof InvalidTimestampException) {
            return TIMESTAMP;
        } else if (failure instanceof AuthorizationException) {
            return DENIED;
        } else if (failure instanceof RetriableException || failure instanceof InvalidTopicException) {
            return LATE;
        }
        return BROKEN;
    }

    String words() {
        return words;
    }

    /** Whether it would be the same at the next try. */
    boolean isForGood() {
        return forGood;
    }
}
