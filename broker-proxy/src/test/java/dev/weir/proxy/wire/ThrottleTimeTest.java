package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The time to be quiet for is where Kafka's own classes look for it. */
class ThrottleTimeTest {
    private static final MessageSpecs SPECS = new MessageSpecs();

    private final ThrottleTime throttleTime = new ThrottleTime(SPECS);
    private final MessageCodec codec = new MessageCodec(SPECS);

    static Stream<ApiKeys> apis() {
        return Stream.of(ApiKeys.values()).filter(ApiAuthorizers::advertises);
    }

    @ParameterizedTest
    @MethodSource("apis")
    void isSetInPlaceInEveryVersionThatBeginsWithIt(ApiKeys api) {
        for (short version = api.messageType.lowestSupportedVersion();
                version <= api.messageType.highestSupportedVersion(true);
                version++) {
            if (throttleTime.isFirst(api.id, version)) {
                assertThat(told(api, version, 0, 1_234)).as("v%d", version).isEqualTo(1_234);
                assertThat(told(api, version, 5_000, 1_234))
                        .as("the broker says more")
                        .isEqualTo(5_000);
            }
        }
    }

    private int told(ApiKeys api, short version, int brokers, int millis) {
        AbstractResponse empty = AbstractResponse.parseResponse(
                api,
                MessageUtil.toByteBufferAccessor(
                        ApiMessageType.fromApiKey(api.id).newResponse(), version),
                version);
        empty.maybeSetThrottleTimeMs(brokers);
        ApiMessage body = empty.data();
        ByteBuf frame = codec.encodeResponse(UnpooledByteBufAllocator.DEFAULT, api.id, version, 9, body);
        try {
            int bodyIndex = MessageCodec.responseBodyIndex(api.id, version);
            ThrottleTime.raise(frame, bodyIndex, millis);
            ApiMessage read = codec.decodeResponse(api.id, version, frame.skipBytes(bodyIndex));
            return AbstractResponse.parseResponse(api, MessageUtil.toByteBufferAccessor(read, version), version)
                    .throttleTimeMs();
        } finally {
            frame.release();
        }
    }

    @Test
    void isElsewhereInFewNewestVersions() {
        Set<ApiKeys> elsewhere = EnumSet.noneOf(ApiKeys.class);
        apis().filter(api -> !throttleTime.isFirst(api.id, api.latestVersion())).forEach(elsewhere::add);
        assertThat(elsewhere)
                .containsExactlyInAnyOrder(
                        ApiKeys.PRODUCE, // has a path of its own
                        ApiKeys.SASL_HANDSHAKE,
                        ApiKeys.SASL_AUTHENTICATE,
                        ApiKeys.API_VERSIONS,
                        ApiKeys.OFFSET_DELETE,
                        ApiKeys.CREATE_DELEGATION_TOKEN,
                        ApiKeys.RENEW_DELEGATION_TOKEN,
                        ApiKeys.EXPIRE_DELEGATION_TOKEN,
                        ApiKeys.DESCRIBE_DELEGATION_TOKEN,
                        ApiKeys.DESCRIBE_QUORUM);
    }
}
