/**
 * What is known of the mesh at one moment, as inert data: the model that the HTTP API, the dashboard and the command
 * line show. Times are milliseconds since the epoch, rates are per second, and -1 stands for a number that is not known.
 */
@NullMarked
package dev.weir.topology.view;

import org.jspecify.annotations.NullMarked;
