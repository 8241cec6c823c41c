/**
 * {@code weir.yaml}: read, checked against the files and ports that it names, and turned into the records that a proxy
 * is started with. Every mistake is reported at once, with its place; nothing is started before.
 */
@NullMarked
package dev.weir.cli.config;

import org.jspecify.annotations.NullMarked;
