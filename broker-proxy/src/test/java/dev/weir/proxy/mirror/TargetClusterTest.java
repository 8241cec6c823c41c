package dev.weir.proxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Mirroring.Selection;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.tls.HandshakeThreads;
import dev.weir.proxy.tls.Handshakes;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import dev.weir.testkit.await.Patience;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is in memory of topics that copies go to. */
class TargetClusterTest {
    /** Of no use to copies: each has waited for too long. */
    private static final int NO_MILLIS = -1;

    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = ((VertxInternal) vertx).createEventLoopContext();
    private final HandshakeThreads threads = new HandshakeThreads();
    /** Nobody answers there. */
    private final Cluster cluster = new Cluster(
            vertx,
            new ClusterConfig("main", List.of(new Endpoint("127.0.0.1", 1)), null, null),
            new MessageCodec(new MessageSpecs()),
            new Handshakes(threads));

    private final AtomicLong nowNanos = new AtomicLong(-1_000_000);
    private final Copies copies = new Copies();

    @AfterEach
    void close() {
        cluster.close();
        threads.close();
        vertx.close().await();
    }

    private TargetCluster target(int deliveryTimeoutMillis) {
        return new TargetCluster(vertx, context, cluster, deliveryTimeoutMillis, nowNanos::get);
    }

    private <T> T onLoop(Supplier<T> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(ignored -> done.complete(work.get()));
        return done.future().await();
    }

    private Set<String> add(TargetCluster target) {
        return onLoop(() -> {
            target.add(List.of(copies.one(new Selection.All())));
            return target.topics();
        });
    }

    private Set<String> sweep(TargetCluster target) {
        return onLoop(() -> {
            target.sweep();
            return target.topics();
        });
    }

    @Test
    void aTopicThatNothingGoesToAnyMoreIsForgotten() {
        TargetCluster target = target(NO_MILLIS);
        assertThat(add(target)).containsExactly("copy");
        nowNanos.addAndGet(IDLE_NANOS - 1);
        assertThat(sweep(target)).as("something may come yet").containsExactly("copy");
        assertThat(copies.memory.reservedBytes()).as("nothing waits").isZero();
        add(target);
        sweep(target);
        nowNanos.addAndGet(IDLE_NANOS - 1);
        assertThat(sweep(target)).as("something came since").containsExactly("copy");
        nowNanos.addAndGet(1);
        Patience.awaitAnswer()
                .untilAsserted(
                        () -> assertThat(sweep(target)).as("nobody asks for it").isEmpty());

        assertThat(add(target)).as("something comes").containsExactly("copy");
        assertThat(sweep(target)).containsExactly("copy");
    }

    @Test
    void aTopicThatSomethingWaitsForIsNot() {
        TargetCluster target = target(Integer.MAX_VALUE);
        add(target);
        nowNanos.addAndGet(10 * IDLE_NANOS);
        assertThat(sweep(target)).containsExactly("copy");
        assertThat(copies.memory.reservedBytes()).isPositive();
        onLoop(() -> {
            target.close("the test is over");
            return true;
        });
        assertThat(copies.memory.reservedBytes()).isZero();
    }
}
