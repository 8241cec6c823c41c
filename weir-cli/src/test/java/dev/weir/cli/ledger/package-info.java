/** What the topology shows of real traffic through real proxies, against what the clients of that traffic know. */
package dev.weir.cli.ledger;
