/** The Kafka protocol by hand: any bytes, any API in any version, and exactly what came back. */
@NullMarked
package dev.weir.testkit.net;

import org.jspecify.annotations.NullMarked;
