/** How clients prove who they are. */
@NullMarked
package dev.weir.proxy.authenticate;

import org.jspecify.annotations.NullMarked;
