/** A receiver of OpenTelemetry's own protocol, as collectors are. */
@NullMarked
package dev.weir.testkit.otlp;

import org.jspecify.annotations.NullMarked;
