/**
 * Changes the headers of records inside the record batches of a produce request. A batch is patched, not rebuilt: keys and
 * values are copied as they are, and so is all that makes a batch the producer's own (id, epoch, sequence, timestamps).
 */
@NullMarked
package dev.weir.proxy.batch;

import org.jspecify.annotations.NullMarked;
