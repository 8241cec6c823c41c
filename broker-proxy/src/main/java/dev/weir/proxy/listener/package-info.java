/** The ports that clients connect to: bound, told apart by broker, and closed in order. */
@NullMarked
package dev.weir.proxy.listener;

import org.jspecify.annotations.NullMarked;
