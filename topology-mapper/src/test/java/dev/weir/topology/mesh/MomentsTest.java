package dev.weir.topology.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.time.TestClock;
import dev.weir.topology.edge.Census;
import dev.weir.topology.edge.ClientTable;
import dev.weir.topology.edge.EdgeTable;
import dev.weir.topology.member.MembershipTable;
import dev.weir.topology.mirror.MirrorTable;
import dev.weir.topology.proxies.ProxyTable;
import dev.weir.topology.security.AuditReader;
import dev.weir.topology.security.AuditTable;
import dev.weir.topology.stream.StreamSettings;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.TopicView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What was made for one asker is there for all others, until something changes. */
class MomentsTest {
    private static final Moment HOUR = new Moment(OptionalLong.empty(), Moment.WINDOW_MILLIS_MAX);

    private final TestClock clock = TestClock.still(Instant.ofEpochMilli(1_000_000));
    private final AtomicLong generation = new AtomicLong();
    private final Counting lag = new Counting();
    private final MirrorTable mirrors = new MirrorTable();
    private final Moments moments = new Moments(
            new Mesh.Sources(
                    new EdgeTable(new Census(10, 10, 10)),
                    new ClientTable(),
                    new MembershipTable(),
                    new AuditTable(),
                    new AuditReader(new StreamSettings(Map.of(), "_weir-test", "test", Path.of("unused"))),
                    new ProxyTable(mirrors),
                    mirrors,
                    lag,
                    PolicyView.NONE),
            new Mesh.Reading() {
                @Override
                public <T> T read(Supplier<T> answer) {
                    return answer.get();
                }
            },
            generation::get,
            clock);

    /** How often lag was asked. */
    private static final class Counting implements LagAnswers {
        private final AtomicInteger groups = new AtomicInteger();
        private final AtomicInteger graphs = new AtomicInteger();

        @Override
        public List<GroupLag> groups(Moment moment, long nowMillis) {
            groups.incrementAndGet();
            return List.of();
        }

        @Override
        public List<TopicView.Partition> partitions(String cluster, String topic, Moment moment, long nowMillis) {
            return List.of();
        }

        @Override
        public Coverage coverage(Moment moment, long nowMillis) {
            graphs.incrementAndGet();
            return Coverage.UNKNOWN;
        }

        @Override
        public List<SloView> slos(List<PolicyView.Objective> objectives, Moment moment, long nowMillis) {
            return List.of();
        }
    }

    private void askEverything() {
        moments.at(Moment.NOW).topology();
        moments.at(Moment.NOW).groups();
        moments.at(HOUR).topology();
        moments.at(HOUR).groups();
        moments.at(Moment.NOW).slos();
    }

    @Test
    void graphsAreMadeOnceForEachWindowAndGroupsOnceForAll() {
        askEverything();
        askEverything();
        assertThat(lag.groups).hasValue(1);
        assertThat(lag.graphs).hasValue(2);
    }

    @Test
    void aChangeMakesThemAnew() {
        askEverything();
        generation.incrementAndGet();
        askEverything();
        assertThat(lag.groups).hasValue(2);
        assertThat(lag.graphs).hasValue(4);
    }

    @Test
    void lagGrowsWhileNothingChanges() {
        askEverything();
        clock.pass(Duration.ofMillis(Moments.LIVE_MILLIS_MAX - 1));
        askEverything();
        assertThat(lag.groups).hasValue(1);
        clock.pass(Duration.ofMillis(1));
        assertThat(moments.at(Moment.NOW).topology().at()).isEqualTo(clock.millis());
        assertThat(lag.groups).hasValue(2);
    }

    @Test
    void thePastIsKeptThoughThePresentChanges() {
        Moment past = new Moment(OptionalLong.of(500_000), Moment.WINDOW_MILLIS_DEFAULT);
        moments.at(past).topology();
        generation.incrementAndGet();
        clock.pass(Duration.ofMillis(Moments.REPLAY_MILLIS_MAX - 1));
        moments.at(past).topology();
        assertThat(lag.graphs).hasValue(1);
        clock.pass(Duration.ofMillis(1));
        moments.at(past).topology();
        assertThat(lag.graphs).hasValue(2);
    }

    @Test
    void howManyAreKeptIsBounded() {
        for (int i = 0; i < 10 * Moments.KEPT_MAX; i++) {
            moments.at(new Moment(OptionalLong.of(i), Moment.WINDOW_MILLIS_MAX)).topology();
            assertThat(moments.size()).isLessThanOrEqualTo(Moments.KEPT_MAX);
        }
    }

    @Test
    void thoseWhoAskAtOnceWaitForTheSame() throws Exception {
        int askers = 8;
        CountDownLatch together = new CountDownLatch(askers);
        ExecutorService threads = Executors.newFixedThreadPool(askers);
        try {
            List<Future<?>> asked = new ArrayList<>();
            for (int i = 0; i < askers; i++) {
                asked.add(threads.submit(() -> {
                    together.countDown();
                    together.await();
                    askEverything();
                    return null;
                }));
            }
            for (Future<?> asker : asked) {
                asker.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(lag.groups).hasValue(1);
        assertThat(lag.graphs).hasValue(2);
    }
}
