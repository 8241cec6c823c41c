package dev.weir.bench.login;

import java.util.List;
import java.util.Locale;

/**
 * How a burst went, in the words in which its process tells it.
 *
 * @param seconds until the last one was in
 * @param p50Millis from the beginning of the burst, of those that came in
 * @param failure of one that did not come in; empty when all did
 */
record Outcome(int served, int failed, double seconds, double p50Millis, double p99Millis, String failure) {
    private static final int FIELDS = 6;

    /** @param millis of those that came in, in order */
    static Outcome of(List<Double> millis, int count, String failure) {
        return new Outcome(
                millis.size(),
                count - millis.size(),
                percentile(millis, 100) / 1e3,
                percentile(millis, 50),
                percentile(millis, 99),
                failure);
    }

    private static double percentile(List<Double> millis, int percent) {
        return millis.isEmpty() ? 0 : millis.get(Math.min(millis.size() - 1, millis.size() * percent / 100));
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%d %d %.3f %.1f %.1f %s",
                served,
                failed,
                seconds,
                p50Millis,
                p99Millis,
                failure.replace('\n', ' '));
    }

    static Outcome parse(String line) {
        String[] fields = line.split(" ", FIELDS);
        return new Outcome(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                Double.parseDouble(fields[2]),
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4]),
                fields.length < FIELDS ? "" : fields[5]);
    }
}
