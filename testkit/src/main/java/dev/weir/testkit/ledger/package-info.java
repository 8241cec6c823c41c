/**
 * Proof that no acknowledged record is lost, doubled or reordered while something between clients and brokers fails: a producer
 * writes down what the cluster acknowledged, a consumer what it received, and {@link dev.weir.testkit.ledger.Ledger} compares.
 */
@NullMarked
package dev.weir.testkit.ledger;

import org.jspecify.annotations.NullMarked;
