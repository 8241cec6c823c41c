/** Names that certificates carry: SPIFFE ids of services, host names and addresses of listeners. */
@NullMarked
package dev.weir.identity.name;

import org.jspecify.annotations.NullMarked;
