package dev.weir.testkit.ledger;

import java.util.List;

/**
 * What a {@link Ledger} says in the end.
 *
 * @param acked acknowledged records
 * @param unacked records that the producer gave up
 * @param received different records received
 * @param redelivered records received again, after the group gave their partition anew; that is allowed
 * @param violations what must not be, one sentence each; empty if all is well
 */
public record LedgerResult(long acked, long unacked, long received, long redelivered, List<String> violations) {}
