package dev.weir.cli.logging;

/** How {@code weir up} writes its log. */
public enum LogFormat {
    /** One readable line per event, its keys and values at the end. */
    TEXT,
    /** One JSON object per line. */
    JSON
}
