package dev.weir.bench.login;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;

/** Processor time that threads have used, by what they are for. */
final class ThreadTimes {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<Long, Long> before = new HashMap<>();

    /** From now on. */
    ThreadTimes() {
        for (long id : THREADS.getAllThreadIds()) {
            before.put(id, THREADS.getThreadCpuTime(id));
        }
    }

    /** Seconds that threads whose names begin like this have used since, those that are still there. */
    double seconds(String name) {
        long nanos = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith(name)) {
                long used = THREADS.getThreadCpuTime(thread.getThreadId());
                nanos += Math.max(0, used - before.getOrDefault(thread.getThreadId(), 0L));
            }
        }
        return nanos / 1e9;
    }
}
