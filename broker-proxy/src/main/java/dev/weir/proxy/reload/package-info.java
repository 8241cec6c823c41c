/**
 * Files that are read again while the proxy runs: certificates, keys, passwords. A new content is taken as a whole or not at
 * all; one with mistakes leaves in force what was read before.
 */
@NullMarked
package dev.weir.proxy.reload;

import org.jspecify.annotations.NullMarked;
