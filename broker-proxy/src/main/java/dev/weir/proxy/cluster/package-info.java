/** What Weir knows of the clusters behind it, and keeps knowing: brokers, topics, versions. */
@NullMarked
package dev.weir.proxy.cluster;

import org.jspecify.annotations.NullMarked;
