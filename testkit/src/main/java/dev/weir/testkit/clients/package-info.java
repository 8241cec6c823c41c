/**
 * Unmodified Kafka clients of several languages and ages, each in a process of its own.
 *
 * <p>All clients do the same {@link dev.weir.testkit.clients.ClientTask}s and report what happened in the same way, so that one
 * parameterized test covers all of them: a small program around each library (the Java one is in {@code javaprobe}, the others in
 * {@code testkit/src/test-clients}) prints one JSON object per line, which becomes a {@link dev.weir.testkit.clients.ClientReport}.
 * What {@code testkit/install-test-tools.sh} installs must be there; what is missing is named in the failure.
 */
@NullMarked
package dev.weir.testkit.clients;

import org.jspecify.annotations.NullMarked;
