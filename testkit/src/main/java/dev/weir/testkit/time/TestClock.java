package dev.weir.testkit.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** The system's clock, or one that stands still, put ahead by a test. In UTC. Any thread. */
public final class TestClock extends Clock {
    private final Clock base;
    private final AtomicLong aheadMillis = new AtomicLong();

    private TestClock(Clock base) {
        this.base = base;
    }

    /** Goes as the system's does. */
    public static TestClock going() {
        return new TestClock(Clock.systemUTC());
    }

    /** Stands still until a test says that time passes. */
    public static TestClock still(Instant at) {
        return new TestClock(Clock.fixed(at, ZoneOffset.UTC));
    }

    /** So much ahead of what it would show by itself, wherever it was before; negative for behind. */
    public void ahead(Duration time) {
        aheadMillis.set(time.toMillis());
    }

    /** So much further ahead than it is. */
    public void pass(Duration time) {
        aheadMillis.addAndGet(time.toMillis());
    }

    @Override
    public Instant instant() {
        return base.instant().plusMillis(aheadMillis.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
