package dev.weir.proxy.mirror;

import dev.weir.mesh.log.FailureWords;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;

/** What the cluster that copies go to has against them, in words for the operator of Weir. */
final class TargetErrors {
    private TargetErrors() {}

    static String words(Errors error, String topic) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION ->
                "topic " + topic + " does not exist, or Weir's own user may not see it; the Mirror's create makes it";
            case TOPIC_AUTHORIZATION_FAILED -> "Weir's own user may not write to topic " + topic;
            case CLUSTER_AUTHORIZATION_FAILED -> "Weir's own user may not make topic " + topic;
            case INVALID_TOPIC_EXCEPTION -> "no topic can be called " + topic;
            case MESSAGE_TOO_LARGE -> "a batch is larger than topic " + topic + " takes";
            case KAFKA_STORAGE_ERROR -> "a broker of topic " + topic + " cannot store anything";
            default -> "topic " + topic + ": " + error.name() + ", " + error.message();
        };
    }

    /** Whether any other batch would fare the same. */
    static boolean isOfTopic(Errors error) {
        return error == Errors.TOPIC_AUTHORIZATION_FAILED || error == Errors.CLUSTER_AUTHORIZATION_FAILED;
    }

    static boolean isRetriable(Errors error) {
        return error.exception() instanceof RetriableException;
    }

    static String words(Throwable failure) {
        return failure instanceof TimeoutException ? "a broker did not answer in time" : FailureWords.ofItself(failure);
    }
}
