/** Canaries that their gates end, from a record that is handled badly to the reason in the status. */
package dev.weir.cli.canary.gates;
