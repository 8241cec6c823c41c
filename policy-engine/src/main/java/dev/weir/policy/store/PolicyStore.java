package dev.weir.policy.store;

import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.check.PolicyBuild;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.source.PolicySource;
import dev.weir.policy.source.SourceException;
import dev.weir.policy.store.PolicyStatus.State;
import dev.weir.policy.yaml.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the policy in force, and the source that it comes from.
 *
 * <p>Two threads: one reads the source and builds, the other brings expiries about, so that a source that hangs cannot
 * keep an expired rule alive. They publish under one lock; {@link #current} takes none. Whatever goes wrong, what was
 * in force stays in force, and {@link #status} says why. Before the first good revision everything is denied.
 */
public final class PolicyStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyStore.class);
    private static final Duration WAIT_MAX = Duration.ofDays(1);
    private static final Duration EXPIRY_RECHECK = Duration.ofMinutes(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final int PROBLEMS_LOGGED_MAX = 20;

    private final PolicySource source;
    private final Clock clock;
    // swapped as a whole: a reader has the old one or the new one
    private volatile CompiledSnapshot current = CompiledSnapshot.denyAll();
    private volatile PolicyStatus status;
    private final List<Consumer<? super PolicySnapshot>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<PolicyChange>> witnesses = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService expiries;
    /** Held while the source is read. */
    private final ReentrantLock reading = new ReentrantLock();

    private final Thread reader;
    private final Object publishing = new Object();
    // a source that is closed while it is read fails in ways that mean nothing
    private volatile boolean closed;
    private @Nullable Future<?> pendingExpiry;
    /** Of the revision in force; guarded by {@link #publishing}. */
    private String author = "";

    /**
     * @param source closed with the store
     * @param clock what {@code expires:} is measured by
     */
    public PolicyStore(PolicySource source, Clock clock) {
        this.source = source;
        this.clock = clock;
        this.status = new PolicyStatus(
                source.description(),
                CompiledSnapshot.NO_REVISION,
                clock.instant(),
                0,
                State.STARTING,
                "",
                Optional.empty(),
                List.of(),
                "",
                "",
                0);
        this.expiries = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "weir-policy-expiry"));
        this.reader = daemon(this::follow, "weir-policy");
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The snapshot in force. Any thread, never blocks. */
    public CompiledSnapshot current() {
        return current;
    }

    public PolicyStatus status() {
        return status;
    }

    /** Calls {@code listener} after each swap, on one of the store's threads. It must not block for long. */
    public void addListener(Consumer<? super PolicySnapshot> listener) {
        listeners.add(listener);
    }

    /** Tells {@code witness} of each revision, refused ones too, as {@link #addListener} does of swaps. */
    public void addWitness(Consumer<PolicyChange> witness) {
        witnesses.add(witness);
    }

    /** Reads the source once, on the caller's thread, and then starts to follow it. The outcome is in {@link #status}. */
    public void start() {
        read();
        reader.start();
    }

    private void follow() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                source.awaitChange(WAIT_MAX);
                reading.lockInterruptibly();
                try {
                    read();
                } finally {
                    reading.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            PolicyFiles files = source.read();
            if (files.revision().equals(status.attempted())) {
                unchanged();
            } else {
                build(files);
            }
        } catch (SourceException e) {
            unreadable(String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            // a mistake of ours must not end the thread that could bring the next good policy
            if (!closed) {
                LOG.atError().setCause(e).log("reading policy failed");
            }
            unreadable("internal error: " + FailureWords.ofItself(e));
        }
    }

    /** The source holds what it held at the last attempt: the verdict on it stands. */
    private void unchanged() {
        PolicyStatus before = status;
        State state = before.problems().isEmpty() ? State.IN_SYNC : State.REFUSED;
        if (before.state() != state) {
            LOG.atInfo().addKeyValue("source", source.description()).log("policy source can be read again");
        }
        update(state, before.attempted(), before.problems(), "", before.notice(), before.failures());
    }

    private void unreadable(String error) {
        if (closed) {
            return;
        }
        PolicyStatus before = status;
        if (!error.equals(before.error())) {
            LOG.atWarn()
                    .addKeyValue("error", error)
                    .addKeyValue("revision", before.revision())
                    .log("policy cannot be read; what is in force stays");
        }
        update(State.UNREADABLE, before.attempted(), before.problems(), error, before.notice(), before.failures() + 1);
    }

    private void build(PolicyFiles files) {
        PolicyBuild build = PolicyBuild.of(files, clock.instant());
        if (!files.notice().isEmpty()) {
            LOG.atWarn().addKeyValue("notice", files.notice()).log("policy source");
        }
        if (build.snapshot().isPresent()) {
            publish(build.snapshot().get(), files);
            return;
        }
        for (Problem problem :
                build.problems().stream().limit(PROBLEMS_LOGGED_MAX).toList()) {
            LOG.atError().addKeyValue("problem", problem).log("mistake in policy");
        }
        LOG.atError()
                .addKeyValue("attempted", files.revision())
                .addKeyValue("problems", build.problems().size())
                .addKeyValue("revision", current.revision())
                .log("policy refused; what is in force stays");
        long failures = status.failures() + 1;
        update(State.REFUSED, files.revision(), build.problems(), "", files.notice(), failures);
        witness(PolicyChange.Outcome.REFUSED, files.revision(), files.author(), build.problems());
    }

    private void publish(CompiledSnapshot snapshot, PolicyFiles files) {
        synchronized (publishing) {
            swap(snapshot);
            author = files.author();
            update(State.IN_SYNC, snapshot.revision(), List.of(), "", files.notice(), 0);
        }
        LOG.atInfo()
                .addKeyValue("revision", snapshot.revision())
                .addKeyValue("rules", snapshot.rules().size())
                .log("policy in force");
        tell();
        witness(PolicyChange.Outcome.IN_FORCE, snapshot.revision(), files.author(), List.of());
    }

    /** Compiles what is in force anew, without the rules that have expired meanwhile. */
    private void expire() {
        String revision;
        String by;
        synchronized (publishing) {
            CompiledSnapshot before = current;
            Instant now = clock.instant();
            if (before.nextExpiry().map(now::isBefore).orElse(true)) {
                pendingExpiry = before.nextExpiry().map(this::schedule).orElse(null);
                return;
            }
            swap(CompiledSnapshot.compile(before.policy(), before.revision(), now));
            revision = before.revision();
            by = author;
        }
        LOG.atInfo().addKeyValue("revision", revision).log("something in the policy has expired");
        tell();
        witness(PolicyChange.Outcome.RULE_EXPIRED, revision, by, List.of());
    }

    private void witness(PolicyChange.Outcome outcome, String revision, String by, List<Problem> problems) {
        PolicyChange change = new PolicyChange(outcome, source.description(), revision, by, problems);
        for (Consumer<PolicyChange> witness : witnesses) {
            guarded(() -> witness.accept(change));
        }
    }

    /** INVARIANT: the pending expiry is always that of the snapshot in force. */
    private void swap(CompiledSnapshot snapshot) {
        current = snapshot;
        if (pendingExpiry != null) {
            pendingExpiry.cancel(false);
        }
        pendingExpiry = snapshot.nextExpiry().map(this::schedule).orElse(null);
    }

    private @Nullable Future<?> schedule(Instant expiry) {
        Duration wait = Duration.between(clock.instant(), expiry);
        // a timer counts uptime, a date means the clock on the wall, which may jump: look again every minute
        Duration bounded = wait.compareTo(EXPIRY_RECHECK) > 0 ? EXPIRY_RECHECK : wait;
        return expiries.isShutdown()
                ? null
                : expiries.schedule(this::expire, Math.max(1, bounded.toMillis() + 1), TimeUnit.MILLISECONDS);
    }

    /** Tells what is in force now: of two swaps at once, every listener hears of the later one last. */
    private void tell() {
        for (Consumer<? super PolicySnapshot> listener : listeners) {
            guarded(() -> listener.accept(current));
        }
    }

    /** One listener that fails must not keep policy from the others. */
    private static void guarded(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("policy listener failed");
        }
    }

    private void update(
            State state, String attempted, List<Problem> problems, String error, String notice, long failures) {
        CompiledSnapshot inForce = current;
        PolicyStatus before = status;
        boolean same = before.revision().equals(inForce.revision());
        Instant now = clock.instant();
        status = new PolicyStatus(
                before.source(),
                inForce.revision(),
                same ? before.since() : now,
                inForce.rules().size(),
                state,
                attempted,
                Optional.of(now),
                problems,
                error,
                notice,
                failures);
    }

    /** Ends both threads and closes the source. What is in force stays in force for whoever still holds the store. */
    @Override
    public void close() {
        closed = true;
        expiries.shutdownNow();
        try {
            // A transfer that is interrupted complains on the console; one that hangs is not waited for.
            boolean idle = reading.tryLock(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            reader.interrupt();
            source.close();
            if (idle) {
                reading.unlock();
            }
            reader.join(CLOSE_TIMEOUT.toMillis());
            if (!expiries.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) || reader.isAlive()) {
                LOG.warn("policy threads are still busy; they end by themselves");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
