/** What leaves for the observability systems that a company has already: OTLP, which Grafana, Datadog and others take. */
@NullMarked
package dev.weir.cli.export;

import org.jspecify.annotations.NullMarked;
