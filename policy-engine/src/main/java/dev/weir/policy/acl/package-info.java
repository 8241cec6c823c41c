/** Kafka's own ACLs as policy: for whoever moves from the one to the other, and for tests that compare the two. */
@NullMarked
package dev.weir.policy.acl;

import org.jspecify.annotations.NullMarked;
