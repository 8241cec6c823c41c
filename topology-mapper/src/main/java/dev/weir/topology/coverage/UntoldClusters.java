package dev.weir.topology.coverage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clusters whose brokers do not tell what the mesh compares with, and why, as long as that lasts. The log has a line when it begins,
 * when it is for another reason, and when it is over. Any thread.
 */
final class UntoldClusters {
    private static final Logger LOG = LoggerFactory.getLogger(UntoldClusters.class);

    private final Map<String, String> reasons = new ConcurrentHashMap<>();

    /** A cluster was asked, and did not tell. */
    void failed(String cluster, Exception failure) {
        String reason = reason(failure);
        if (!reason.equals(reasons.put(cluster, reason))) {
            LOG.atWarn()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("reason", reason)
                    .log("brokers do not tell what the mesh compares with");
        }
        LOG.atDebug().addKeyValue("cluster", cluster).setCause(failure).log("a round of questions to brokers fails");
    }

    /** A cluster was asked, and told all. */
    void told(String cluster) {
        if (reasons.remove(cluster) != null) {
            LOG.atInfo().addKeyValue("cluster", cluster).log("brokers tell what the mesh compares with again");
        }
    }

    /** It is another's turn to ask. */
    void clear() {
        reasons.clear();
    }

    /** By the cluster's name. */
    Map<String, String> reasons() {
        return Map.copyOf(reasons);
    }

    private static String reason(Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return "they did not answer within " + BrokerQuestions.TIMEOUT_SECONDS + " s";
        }
        String words = cause.getMessage() == null ? "they answer with an error" : cause.getMessage();
        return cause instanceof AuthorizationException
                ? words + " Weir's user needs Describe and DescribeConfigs on all topics, and Describe on all groups"
                : words;
    }
}
