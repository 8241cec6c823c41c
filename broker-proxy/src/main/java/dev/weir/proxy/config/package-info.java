/** What a proxy is told at start: plain records, complete and checked. Reading them from a file is the launcher's work. */
@NullMarked
package dev.weir.proxy.config;

import org.jspecify.annotations.NullMarked;
