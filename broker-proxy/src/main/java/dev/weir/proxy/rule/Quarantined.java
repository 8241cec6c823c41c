package dev.weir.proxy.rule;

import dev.weir.proxy.deadletter.DeadLetters;

/**
 * Bad records of one batch that are to be kept elsewhere.
 *
 * @param verdict what is said of them
 */
record Quarantined(DeadLetters letters, Verdict verdict) {}
