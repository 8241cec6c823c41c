/** What mirrors brought from topic to topic, as proxies say it. */
@NullMarked
package dev.weir.topology.mirror;

import org.jspecify.annotations.NullMarked;
