package dev.weir.proxy.report;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** What is remembered of a request that went upstream, until its response comes. Event loop only. */
public sealed interface Sent {

    /** Its response is walked as it streams by. */
    sealed interface Walked extends Sent permits ProduceSent, FetchSent, ShareFetchSent {}

    /** Its response is held until it is whole, and decoded: for APIs that are small and rare. */
    record Decoded(ApiKeys api, ApiMessage request, ReportedClient client) implements Sent {}
}
