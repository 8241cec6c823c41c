/**
 * What is known of the mesh, over HTTP: JSON as {@code openapi.yaml} describes it, server-sent events, Prometheus text
 * and the dashboard. It changes nothing, whoever asks.
 */
@NullMarked
package dev.weir.topology.api;

import org.jspecify.annotations.NullMarked;
