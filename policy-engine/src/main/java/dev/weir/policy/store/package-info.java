/**
 * The policy in force. One thread reads the source, builds and publishes; readers take the current snapshot from
 * a volatile field and never wait.
 */
@NullMarked
package dev.weir.policy.store;

import org.jspecify.annotations.NullMarked;
