/** The Kafka protocol by hand: any bytes, any API in any version, and exactly what came back. And ports that nobody has. */
@NullMarked
package dev.weir.testkit.net;

import org.jspecify.annotations.NullMarked;
