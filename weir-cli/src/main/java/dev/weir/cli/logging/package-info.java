/** Where log lines go: quiet for commands that people watch, one line per event for a service. */
@NullMarked
package dev.weir.cli.logging;

import org.jspecify.annotations.NullMarked;
