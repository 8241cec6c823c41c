/** Whether a record is what its schema says: the verdict, and what it says to people. */
@NullMarked
package dev.weir.schema;

import org.jspecify.annotations.NullMarked;
