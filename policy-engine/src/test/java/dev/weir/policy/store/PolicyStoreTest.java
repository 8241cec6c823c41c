package dev.weir.policy.store;

import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.topicAccess;
import static dev.weir.policy.Policies.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.policy.Policies;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.source.FolderSource;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.source.PolicySource;
import dev.weir.policy.source.SourceException;
import dev.weir.policy.store.PolicyStatus.State;
import dev.weir.testkit.time.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyStoreTest {
    private static final String ALLOW =
            service("alice") + topicAccess("t", "id: r, allow: [consume], services: [alice]");
    private static final String DENY = service("alice") + topicAccess("t", "id: r, deny: [consume], services: [alice]");

    @TempDir
    Path folder;

    private Path file;
    private PolicyStore store;

    @BeforeEach
    void open() throws Exception {
        file = folder.resolve("p.yaml");
        store = new PolicyStore(new FolderSource(folder, Duration.ofMillis(100)), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        store.close();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("weir-policy")));
    }

    /** At once: nobody finds the file cut off. */
    private void write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve(".next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean mayRead() {
        return store.current()
                .authorizer(user("alice"), "")
                .decide(ResourceType.TOPIC, "orders", Operation.READ)
                .passes();
    }

    private void awaitState(State state) {
        await().until(() -> store.status().state() == state);
    }

    @Test
    void takesUpAChangeAndTellsListenersAfterTheSwap() throws Exception {
        write(ALLOW);
        List<PolicySnapshot> told = new CopyOnWriteArrayList<>();
        store.addListener(snapshot -> {
            assertThat(store.current()).isSameAs(snapshot);
            told.add(snapshot);
        });
        store.addListener(snapshot -> {
            throw new IllegalStateException("a listener that fails must not stop policy");
        });
        store.start();
        assertThat(mayRead()).isTrue();
        assertThat(store.status().isReady()).isTrue();
        assertThat(store.status().rules()).isEqualTo(1);
        String first = store.status().revision();
        write(DENY);
        await().atMost(Duration.ofSeconds(30)).until(() -> !mayRead());
        await().until(() -> told.size() == 2);
        assertThat(store.status().revision())
                .isNotEqualTo(first)
                .isEqualTo(store.current().revision());
    }

    @Test
    void aBadRevisionLeavesTheLastGoodInForceAndSaysWhere() throws Exception {
        write(ALLOW);
        store.start();
        String good = store.status().revision();
        write(ALLOW.replace("services: [alice]", "services: [alcie]"));
        awaitState(State.REFUSED);
        PolicyStatus status = store.status();
        assertThat(status.revision()).isEqualTo(good);
        assertThat(status.attempted()).isNotEqualTo(good).startsWith("sha256:");
        assertThat(status.failures()).isEqualTo(1);
        assertThat(status.problems())
                .singleElement()
                .asString()
                .isEqualTo("p.yaml:12:44: unknown Service; did you mean \"alice\"?: found \"alcie\", expected alice");
        assertThat(mayRead()).isTrue();
        write(ALLOW);
        awaitState(State.IN_SYNC);
        assertThat(store.status().failures()).isZero();
        assertThat(store.status().problems()).isEmpty();
    }

    @Test
    void witnessesAreToldOfEachRevisionAlsoOfThoseThatAreRefused() throws Exception {
        write(ALLOW);
        List<PolicyChange> seen = new CopyOnWriteArrayList<>();
        store.addWitness(seen::add);
        store.start();
        String good = store.status().revision();
        write(ALLOW.replace("services: [alice]", "services: [alcie]"));
        awaitState(State.REFUSED);

        await().until(() -> seen.size() == 2);
        assertThat(seen)
                .extracting(PolicyChange::outcome)
                .containsExactly(PolicyChange.Outcome.IN_FORCE, PolicyChange.Outcome.REFUSED);
        assertThat(seen.get(0).revision()).isEqualTo(good);
        assertThat(seen.get(0).author()).isEmpty();
        assertThat(seen.get(1).revision()).isEqualTo(store.status().attempted());
        assertThat(seen.get(1).problems()).hasSize(1);
    }

    @Test
    void aFailedTestOfThePolicyRefusesIt() throws Exception {
        write(ALLOW);
        store.start();
        String test = "  tests: [{as: alice, do: consume, topic: orders, expect: deny, by: default-deny}]\n---\n";
        write(ALLOW.substring(0, ALLOW.length() - 4) + test);
        awaitState(State.REFUSED);
        assertThat(store.status().problems())
                .singleElement()
                .asString()
                .isEqualTo("p.yaml:13:11: test failed (as alice: consume topic orders): found allow by t/r (p.yaml:12),"
                        + " expected deny by default-deny");
        assertThat(mayRead()).isTrue();
    }

    @Test
    void aFolderThatGoesAwayLeavesTheLastGoodInForceUntilItIsBack() throws Exception {
        write(ALLOW);
        store.start();
        Files.delete(file);
        awaitState(State.UNREADABLE);
        assertThat(store.status().error()).contains("found no *.yaml file");
        assertThat(mayRead()).isTrue();
        Files.delete(folder);
        await().until(() -> store.status().error().contains("found nothing, expected a folder"));
        assertThat(mayRead()).isTrue();
        Files.createDirectory(folder);
        write(DENY);
        awaitState(State.IN_SYNC);
        assertThat(mayRead()).isFalse();
    }

    @Test
    void nothingIsOpenBeforeTheFirstGoodRevision() throws Exception {
        store.start();
        assertThat(store.status().state()).isEqualTo(State.UNREADABLE);
        assertThat(store.status().isReady()).isFalse();
        assertThat(store.status().revision()).isEqualTo("none");
        assertThat(mayRead()).isFalse();
        write("kind: Nonsense");
        awaitState(State.REFUSED);
        assertThat(mayRead()).isFalse();
        write(ALLOW);
        awaitState(State.IN_SYNC);
        assertThat(mayRead()).isTrue();
    }

    @Test
    void aMistakeOfOursIsToldInWords() {
        store.close();
        store = new PolicyStore(
                new PolicySource() {
                    @Override
                    public String description() {
                        return "broken";
                    }

                    @Override
                    public PolicyFiles read() {
                        throw new IllegalStateException();
                    }

                    @Override
                    public void awaitChange(Duration max) throws InterruptedException {
                        new CountDownLatch(1).await();
                    }

                    @Override
                    public void close() {}
                },
                TestClock.still(Instant.EPOCH));
        store.start();
        assertThat(store.status().error()).isEqualTo("internal error: illegal state");
    }

    @Test
    void anAllowExpiresOnOpenConnectionsEvenWhileTheSourceHangs() throws Exception {
        store.close();
        CountDownLatch hang = new CountDownLatch(1);
        String policy =
                service("alice") + topicAccess("t", "id: r, allow: [consume], services: [alice], expires: 2030-01-01");
        PolicySource hanging = new PolicySource() {
            private boolean first = true;

            @Override
            public String description() {
                return "hanging";
            }

            @Override
            public PolicyFiles read() throws SourceException {
                if (!first) {
                    try {
                        hang.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new SourceException("interrupted", e);
                    }
                }
                first = false;
                return new PolicyFiles("one", List.of(Policies.file("p.yaml", policy)), "");
            }

            @Override
            public void awaitChange(Duration max) throws InterruptedException {
                TimeUnit.MILLISECONDS.sleep(1);
            }

            @Override
            public void close() {
                hang.countDown();
            }
        };
        TestClock clock = TestClock.still(Instant.parse("2030-01-01T00:00:00Z").minusMillis(50));
        store = new PolicyStore(hanging, clock);
        CountDownLatch told = new CountDownLatch(2);
        store.addListener(snapshot -> told.countDown());
        store.start();
        assertThat(mayRead()).isTrue();
        clock.pass(Duration.ofMillis(50));
        await().until(() -> told.getCount() == 0);
        assertThat(mayRead()).isFalse();
        assertThat(store.status().revision()).isEqualTo("one");
    }
}
