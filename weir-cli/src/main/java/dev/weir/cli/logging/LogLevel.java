package dev.weir.cli.logging;

import ch.qos.logback.classic.Level;

/** How much is logged. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    Level level() {
        return Level.toLevel(name());
    }
}
