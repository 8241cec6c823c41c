/**
 * {@code weir demo}: a Kafka, six sample services, and policy in a Git repository that can be edited while it runs;
 * all in this process, on loopback.
 */
@NullMarked
package dev.weir.cli.demo;

import org.jspecify.annotations.NullMarked;
