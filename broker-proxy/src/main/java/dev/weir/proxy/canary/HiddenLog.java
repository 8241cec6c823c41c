package dev.weir.proxy.canary;

import dev.weir.canary.kafka.ChangeTopics;
import dev.weir.canary.kafka.TopicProblem;
import dev.weir.mesh.log.Repetition;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That Weir's user may not see a cluster's log of canary changes, as long as that lasts. The log of the proxy has a line when it begins, once a minute, and when it
 * is over. Any thread.
 */
final class HiddenLog {
    private static final Logger LOG = LoggerFactory.getLogger(HiddenLog.class);

    private static final String PROBLEM =
            "it is not known whether canaries have begun, so only those of policy are known";
    private static final String REASON = "Weir's user may not describe topic " + ChangeTopics.LOG;

    private final String cluster;
    private final Repetition warnings = new Repetition();
    private volatile boolean hidden;

    HiddenLog(String cluster) {
        this.cluster = cluster;
    }

    /** It was looked for. */
    synchronized void is(boolean isHidden) {
        if (isHidden && warnings.isNews(REASON)) {
            LOG.atWarn()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("topic", ChangeTopics.LOG)
                    .addKeyValue("reason", REASON)
                    .log(PROBLEM);
        } else if (!isHidden && hidden) {
            warnings.over();
            LOG.atInfo()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("topic", ChangeTopics.LOG)
                    .log("it can be seen whether there is a log of canary changes");
        }
        hidden = isHidden;
    }

    List<TopicProblem> problems() {
        return hidden
                ? List.of(new TopicProblem(
                        ChangeTopics.LOG,
                        ChangeTopics.LOG + ": " + PROBLEM + ": " + REASON + "; allow it Describe and Read there"))
                : List.of();
    }
}
