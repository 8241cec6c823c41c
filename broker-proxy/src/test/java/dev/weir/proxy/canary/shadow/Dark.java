package dev.weir.proxy.canary.shadow;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.ShadowLimits;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.FakeContext;
import dev.weir.proxy.authorize.OnTheWire;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.canary.group.CanaryGroups;
import dev.weir.proxy.canary.group.SharedGroup;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Requests of a shadow that policy lets do everything. */
final class Dark {
    private static final List<String> TOPICS = List.of("bills", "receipts", "receipts.shadow", "audit");
    private static final CanaryGroups GROUPS =
            new CanaryGroups(canary -> true, (canary, topic, partition) -> 0, seen -> {});

    private Dark() {}

    /** What is asked of policy: a client that may do everything, of a cluster with these topics. */
    static FakeContext client(int version, String clientId) {
        FakeContext client = new FakeContext(version)
                .clientId(clientId)
                .canaries(SharedGroup.policy().canaries(), SharedGroup.SERVICE)
                .topics(TOPICS.toArray(String[]::new));
        for (ResourceType type : ResourceType.values()) {
            client.allow(type, FakeContext.ANY, Operation.values());
        }
        return client;
    }

    /** The name of a topic. */
    static String topic(Uuid id) {
        return TOPICS.stream()
                .filter(name -> FakeContext.idOf(name).equals(id))
                .findFirst()
                .orElseThrow();
    }

    static ShadowContext context(FakeContext client) {
        ShadowLimits limits = SharedGroup.policy().canaries().shadowing(SharedGroup.SERVICE, SharedGroup.DARK);
        return new ShadowContext(client, Objects.requireNonNull(limits));
    }

    /** What becomes of a request as it would come in. */
    static Outcome decide(ApiKeys api, ApiMessage request, ShadowContext shadow) {
        ApiMessage read = OnTheWire.request(request, shadow.apiVersion());
        return shadow.toBroker(read, GROUPS.decide(ApiAuthorizers.of(api), api, read, shadow));
    }
}
