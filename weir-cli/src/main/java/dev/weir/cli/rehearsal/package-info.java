/** A start of Weir without anybody there, so that the JVM can archive the classes that a start loads (JEP 350). */
@NullMarked
package dev.weir.cli.rehearsal;

import org.jspecify.annotations.NullMarked;
