/** What Weir is compared with: a TCP relay with Weir's sockets and none of its work. */
@NullMarked
package dev.weir.bench.relay;

import org.jspecify.annotations.NullMarked;
