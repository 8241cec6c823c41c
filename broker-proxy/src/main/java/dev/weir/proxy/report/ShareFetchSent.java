package dev.weir.proxy.report;

/**
 * A fetch of a share group (KIP-932). What matters of its reading is kept by partition.
 *
 * @param acknowledged what it acknowledged along with it
 */
record ShareFetchSent(Acknowledgements acknowledged) implements Sent.Walked {}
