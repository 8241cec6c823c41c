/** What operators and their tools ask a running proxy, over HTTP, read-only: health, readiness, metrics, status. */
@NullMarked
package dev.weir.proxy.admin;

import org.jspecify.annotations.NullMarked;
