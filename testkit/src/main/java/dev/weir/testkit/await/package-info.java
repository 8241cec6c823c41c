/**
 * How long a test waits. A test awaits a condition and never sleeps; what it waits for has a deadline, so that a failure is a
 * failed assertion and not a build that hangs.
 */
@NullMarked
package dev.weir.testkit.await;

import org.jspecify.annotations.NullMarked;
