package dev.weir.cli.ledger;

/**
 * Whether the machine keeps up with the test. What is measured while tasks are held up, or reports come late, tells of the
 * machine and not of Weir. Any thread.
 */
final class Pace {
    /** Between two runs of a task that runs more often, and for any task. */
    private static final long TASK_MILLIS_MAX = 700;
    /** Two rounds of a proxy, and the way through Kafka. */
    private static final long REPORT_AGE_MILLIS_MAX = 3_500;
    /** By then what was held up is over. */
    private static final long SETTLE_MILLIS = 5_000;

    private volatile long heldUpMillis;
    private volatile long beatMillis = System.currentTimeMillis();

    /** To be called a few times a second. */
    void beat() {
        long now = System.currentTimeMillis();
        took(now - beatMillis);
        beatMillis = now;
    }

    /** A task took so long. */
    void took(long millis) {
        if (millis > TASK_MILLIS_MAX) {
            heldUpMillis = System.currentTimeMillis();
        }
    }

    /** The newest report that came is so old. */
    void newestReport(long ageMillis) {
        if (ageMillis > REPORT_AGE_MILLIS_MAX) {
            heldUpMillis = System.currentTimeMillis();
        }
    }

    boolean isKept() {
        return System.currentTimeMillis() - heldUpMillis > SETTLE_MILLIS;
    }
}
