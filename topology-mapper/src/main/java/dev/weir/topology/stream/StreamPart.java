package dev.weir.topology.stream;

import dev.weir.mesh.report.ReportTopic;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * One stateful step of the stream: takes reports, keeps state, and forwards records for {@link StateTopic} whose keys
 * begin with a {@link RecordKind}.
 *
 * <p>Reports are processed at least once: a report that was processed may come again after a crash, in the same order.
 * What tells (proxy, epoch, sequence) apart has to be in the same store record as what was counted, as each store record is
 * written whole, and two of them are not written together. What is forwarded is absolute, not a difference.
 *
 * <p>A processor is called by one thread, reads the time from its context, and forwards from a punctuation (wall clock,
 * once a second) what has changed, not for each report. It does not throw on a report that it cannot read.
 */
public interface StreamPart {

    /** Unique; names its nodes. */
    String name();

    Set<ReportTopic> reads();

    /** Builders of the stores, new ones with each call. Names of stores are part of the names of their changelogs. */
    Set<StoreBuilder<?>> storeBuilders();

    /** A new processor, of bytes: key and value of a report in, key and value for the state topic out. */
    Processor<byte[], byte[], byte[], byte[]> processor();
}
