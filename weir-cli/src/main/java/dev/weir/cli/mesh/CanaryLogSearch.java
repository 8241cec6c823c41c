package dev.weir.cli.mesh;

import dev.weir.canary.kafka.ChangeTopics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a cluster has a log of canary changes, and asks until that is known: more seldom each time, as Weir's user may not be
 * allowed to know for as long as Weir runs. One thread.
 */
final class CanaryLogSearch {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryLogSearch.class);
    private static final long PAUSE_MILLIS = 5_000;
    private static final long PAUSE_MILLIS_MAX = 60_000;

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        /** Returns after a time; {@code true}, and sooner, when nobody wants to know any more. */
        boolean endsIn(long millis) throws InterruptedException;
    }

    private final Supplier<Admin> admins;
    private final Pause pause;
    private @Nullable Admin admin;

    /**
     * Makes one; it asks nobody yet.
     *
     * @param admins makes a client of the cluster; one is enough, and it is closed in the end
     */
    CanaryLogSearch(Supplier<Admin> admins, Pause pause) {
        this.admins = admins;
        this.pause = pause;
    }

    /** Whether there is one; {@code false} also when nobody wants to know any more. To be called once. */
    boolean finds() throws InterruptedException {
        try {
            Optional<Boolean> known = ask();
            for (long millis = PAUSE_MILLIS;
                    known.isEmpty() && !pause.endsIn(millis);
                    millis = Math.min(PAUSE_MILLIS_MAX, 2 * millis)) {
                known = ask();
            }
            return known.orElse(false);
        } finally {
            if (admin != null) {
                admin.close();
            }
        }
    }

    /** Empty where nobody says. */
    private Optional<Boolean> ask() throws InterruptedException {
        try {
            Admin client = admin;
            if (client == null) {
                client = admins.get();
                admin = client;
            }
            // by name: among all topics, one that Weir's user may not see is left out
            client.describeTopics(List.of(ChangeTopics.LOG)).allTopicNames().get();
            return Optional.of(true);
        } catch (ExecutionException | KafkaException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.of(false);
            }
            LOG.atDebug().setCause(e).log("the cluster cannot be asked for a log of canaries; trying again");
            return Optional.empty();
        }
    }
}
