package dev.weir.proxy.report;

/**
 * The policy in force, as a proxy tells it of itself.
 *
 * @param state as in the proxy's own status: {@code IN_SYNC}, {@code REFUSED} ...
 * @param sinceMillis when it came into force; 0 when there is none
 * @param problem why there is no newer one, or empty; of a long one the beginning
 */
public record PolicyInForce(String revision, String state, long sinceMillis, String problem) {
    /** It is told in one record with all else about the proxy. */
    private static final int PROBLEM_LENGTH_MAX = 4_000;

    public PolicyInForce {
        int more = problem.length() - PROBLEM_LENGTH_MAX;
        if (more > 0) {
            problem = problem.substring(0, PROBLEM_LENGTH_MAX) + " ... and " + more + " characters more";
        }
    }
}
