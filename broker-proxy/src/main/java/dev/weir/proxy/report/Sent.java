package dev.weir.proxy.report;

import dev.weir.policy.decide.RuleRef;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** What is remembered of a request that went upstream, until its response comes. Event loop only. */
public sealed interface Sent {

    /** Its response is walked as it streams by. */
    sealed interface Walked extends Sent permits ProduceSent, FetchSent, ShareFetchSent {}

    /**
     * Its response is held until it is whole, and decoded: for APIs that are small and rare.
     *
     * @param allowedBy the rules that allowed an administrative request, by what it named
     */
    record Decoded(ApiKeys api, ApiMessage request, ReportedClient client, Map<AdminResource, RuleRef> allowedBy)
            implements Sent {}
}
