package dev.weir.proxy.authorize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ApiAuthorizersTest {

    private static Set<ApiKeys> ofBrokers() {
        return EnumSet.copyOf(ApiKeys.apisForListener(ApiMessageType.ListenerType.BROKER));
    }

    static Stream<Arguments> listedVersions() {
        return ofBrokers().stream()
                .filter(api -> ApiAuthorizers.of(api) != null)
                .flatMap(api -> IntStream.rangeClosed(api.oldestVersion(), api.latestVersion(true))
                        .mapToObj(version -> Arguments.of(api, version)));
    }

    @Test
    void everyApiOfABrokersListenerIsDecidedSomewhere() {
        for (ApiKeys api : ofBrokers()) {
            boolean here = ApiAuthorizers.of(api) != null;
            assertEquals(!ApiAuthorizers.ELSEWHERE.contains(api), here, api.name);
        }
        assertTrue(ofBrokers().containsAll(ApiAuthorizers.NEVER));
        assertTrue(ofBrokers().containsAll(ApiAuthorizers.ELSEWHERE));
    }

    @Test
    void clientsAreNotToldOfVersionsForBrokers() {
        assertEquals(3, ApiAuthorizers.clientVersionMax(ApiKeys.ADD_PARTITIONS_TO_TXN));
        assertEquals(ApiKeys.END_TXN.latestVersion(), ApiAuthorizers.clientVersionMax(ApiKeys.END_TXN));
    }

    @Test
    void noOtherApiIsListed() {
        for (ApiKeys api : EnumSet.complementOf(EnumSet.copyOf(ofBrokers()))) {
            assertEquals(null, ApiAuthorizers.of(api), api.name);
        }
    }

    /** An empty request shows that the entry takes the request class of its key, and answers what can be encoded. */
    @ParameterizedTest
    @MethodSource("listedVersions")
    void authorizersTakeTheRequestOfTheirApi(ApiKeys api, int version) {
        ApiAuthorizer<ApiMessage> authorizer = ApiAuthorizers.of(api);
        assertNotNull(authorizer);
        ApiMessage request = ApiMessageType.fromApiKey(api.id).newRequest();
        Outcome outcome = authorizer.decide(request, new FakeContext(version));
        if (outcome instanceof Outcome.Answer answer) {
            MessageUtil.toByteBufferAccessor(answer.response(), (short) version);
            assertEquals(
                    ApiMessageType.fromApiKey(api.id).newResponse().getClass(),
                    answer.response().getClass());
        }
    }

    @ParameterizedTest
    @MethodSource("listedVersions")
    void whatBrokersSayToEachOtherNeverPasses(ApiKeys api, int version) {
        ApiAuthorizer<ApiMessage> authorizer = ApiAuthorizers.of(api);
        assertNotNull(authorizer);
        if (ApiAuthorizers.NEVER.contains(api)) {
            ApiMessage request = ApiMessageType.fromApiKey(api.id).newRequest();
            FakeContext all = new FakeContext(version).allowCluster(dev.weir.policy.decide.Operation.values());
            assertTrue(authorizer.decide(request, all) instanceof Outcome.Answer);
            assertTrue(authorizer.needs((short) version).decode());
        } else {
            assertFalse(authorizer instanceof InterBrokerAuthorizer);
        }
    }
}
