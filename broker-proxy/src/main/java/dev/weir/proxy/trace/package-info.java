/**
 * Spans of single requests, a few a second: what a trace of the applications shows of the way through Weir. Applications
 * put W3C trace contexts into record headers; a produce span continues the trace of a record that it carries, and a
 * consume span is linked to those of the records that it hands out.
 */
@NullMarked
package dev.weir.proxy.trace;

import org.jspecify.annotations.NullMarked;
