/** A burst of log-ins, as after a restart: whether all are served, and whether event loops go on meanwhile. */
@NullMarked
package dev.weir.bench.login;

import org.jspecify.annotations.NullMarked;
