/** {@code weir canary}: how far canaries are, and what is said to them. */
@NullMarked
package dev.weir.cli.canary;

import org.jspecify.annotations.NullMarked;
