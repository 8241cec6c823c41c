package dev.weir.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Starts and stops nodes side by side: a quorum's nodes wait for each other. */
final class NodeTasks {

    private NodeTasks() {}

    /** Runs all to the end, then throws the first failure. */
    static void inParallel(List<Runnable> tasks) {
        List<CompletableFuture<@Nullable Void>> results = new ArrayList<>();
        for (Runnable task : tasks) {
            CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
            results.add(result);
            Thread thread = new Thread(
                    () -> {
                        try {
                            task.run();
                            result.complete(null);
                        } catch (Throwable e) {
                            result.completeExceptionally(e);
                        }
                    },
                    "embedded-kafka-" + results.size());
            thread.start();
        }
        EmbeddedKafkaException failure = null;
        for (CompletableFuture<@Nullable Void> result : results) {
            try {
                result.join();
            } catch (RuntimeException e) {
                EmbeddedKafkaException node = nodeFailure(e.getCause() == null ? e : e.getCause());
                if (failure == null) {
                    failure = node;
                } else {
                    failure.addSuppressed(node);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Kafka's outermost message says which step failed, its innermost one says why. */
    private static EmbeddedKafkaException nodeFailure(Throwable thrown) {
        if (thrown instanceof EmbeddedKafkaException known) {
            return known;
        }
        Throwable why = thrown;
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof KafkaException) {
                why = t;
            }
        }
        return new EmbeddedKafkaException("a Kafka node does not run: " + why.getMessage(), thrown);
    }
}
