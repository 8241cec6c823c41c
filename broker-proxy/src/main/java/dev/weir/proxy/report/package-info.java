/**
 * What the proxy tells the mesh of the traffic that it sees, from the tap on a connection to the record on a topic.
 *
 * <pre>
 * ConnectionReports (one connection) -> cells -> LoopReports (one event loop), once a round -> bounded queue
 *   -> Reporter (one thread): MergedRound -> ReportProducer -> _weir-flows, _weir-progress, ...
 * </pre>
 *
 * A <em>tap</em> is told what a walk through a request or response finds. A <em>cell</em> holds counts of one round; it
 * lives as long as its connection, so that counting looks nothing up. A <em>round</em> is a second of one event loop.
 */
@NullMarked
package dev.weir.proxy.report;

import org.jspecify.annotations.NullMarked;
