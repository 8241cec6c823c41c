/**
 * A stand-in for HashiCorp Vault, since no real one can be had where these tests run. It speaks what Vault's HTTP API
 * documents of what Weir uses, errors included, and signs real certificates. What it does not know, it answers with 404. And
 * {@link dev.weir.testkit.vault.TestVault}, which is it, or a real server where the environment names one.
 */
@NullMarked
package dev.weir.testkit.vault;

import org.jspecify.annotations.NullMarked;
