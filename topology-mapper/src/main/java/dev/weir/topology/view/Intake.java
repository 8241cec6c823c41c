package dev.weir.topology.view;

/**
 * What became of the reports that this instance read since it started; each is counted once. Instances share the reports, so
 * these, unlike all other answers, are of this instance only.
 *
 * @param taken counted into the view
 * @param duplicate had been taken before
 * @param late about a time that is closed
 * @param refused about something new, when a limit was reached
 * @param malformed could not be read
 */
public record Intake(long taken, long duplicate, long late, long refused, long malformed) {
    public static final Intake NONE = new Intake(0, 0, 0, 0, 0);
}
