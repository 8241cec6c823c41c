/** What the proxy counts and tells of itself: OpenTelemetry metrics of bounded size, and denials as they happen. */
@NullMarked
package dev.weir.proxy.telemetry;

import org.jspecify.annotations.NullMarked;
