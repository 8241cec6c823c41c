/** What a workload is handed: key, certificate, authorities, and configurations of Kafka clients that work as they are. */
@NullMarked
package dev.weir.identity.client;

import org.jspecify.annotations.NullMarked;
