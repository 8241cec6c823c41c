package dev.weir.proxy.trace;

import java.util.function.Consumer;

/**
 * Which requests are told as spans, and who is told.
 *
 * @param sink given each chosen request, on event loops: it returns at once and throws nothing
 * @param perSecondMax how many, on each event loop
 */
public record TraceSettings(Consumer<TracedRequest> sink, int perSecondMax) {}
