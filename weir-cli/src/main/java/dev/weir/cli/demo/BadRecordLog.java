package dev.weir.cli.demo;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Says on the screen that a record of a sample service was not what its schema says: the first of each service and topic, with
 * what the service was told. Any thread.
 */
final class BadRecordLog {
    private final Consumer<String> screen;
    private final Set<Flow> said = new HashSet<>();

    BadRecordLog(Consumer<String> screen) {
        this.screen = screen;
    }

    /** @param told the message of the exception that the service got */
    synchronized void told(Flow flow, String told) {
        if (!said.add(flow)) {
            return;
        }
        String who = String.format("%-10s produce  %-12s ", flow.service(), flow.topic());
        boolean kept = told.contains("; kept in topic ");
        screen.accept(
                kept
                        ? "KEPT     " + who
                                + "a record lacks a field. It is in a topic for bad records now, the reason in its headers."
                        : "REJECTED " + who
                                + "a record lacks a field. It did not reach the topic, so no consumer trips over it.");
        screen.accept("           " + flow.service() + " was told: " + told);
    }
}
