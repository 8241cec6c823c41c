/**
 * The events that proxies write and the topology reads, on Kafka topics whose names begin with {@code _weir-}: which
 * topics there are ({@link dev.weir.mesh.report.ReportTopic}), how records are keyed, and how values are read. The
 * messages themselves are generated from {@code weir/report/v1/report.proto}.
 */
@NullMarked
package dev.weir.mesh.report;

import org.jspecify.annotations.NullMarked;
