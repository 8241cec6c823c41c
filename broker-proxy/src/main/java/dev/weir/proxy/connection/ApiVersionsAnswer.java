package dev.weir.proxy.connection;

import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKeyCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * What both the broker and Weir speak (KIP-35, KIP-511). What Weir answers itself is offered whatever the broker says
 * (KIP-714). Features pass as they are (KIP-584).
 */
final class ApiVersionsAnswer {
    /** From this version on, features whose lowest level is 0 may be told. */
    private static final short LEVEL_ZERO_VERSION = 4;

    /** From this version on, clients say what they are. */
    private static final short SOFTWARE_VERSION = 3;

    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private ApiVersionsAnswer() {}

    /** Both sides' versions of every API that is served here. */
    static ApiVersionsResponseData intersect(ApiVersionsResponseData broker) {
        ApiVersionCollection common = new ApiVersionCollection();
        for (ApiVersion offered : broker.apiKeys()) {
            if (ApiKeys.hasId(offered.apiKey())
                    && ApiAuthorizers.advertises(ApiKeys.forId(offered.apiKey()))
                    && !answeredHere(offered.apiKey())) {
                ApiKeys api = ApiKeys.forId(offered.apiKey());
                // Produce goes down to version 0, as the broker says: librdkafka needs to see it (KAFKA-18659)
                short min = api == ApiKeys.PRODUCE
                        ? offered.minVersion()
                        : (short) Math.max(offered.minVersion(), api.oldestVersion());
                short max = (short) Math.min(offered.maxVersion(), ApiAuthorizers.clientVersionMax(api));
                if (min <= max) {
                    common.add(version(offered.apiKey(), min, max));
                }
            }
        }
        for (ApiKeys api : ApiKeys.values()) {
            if (answeredHere(api.id)) {
                common.add(version(api.id, api.oldestVersion(), api.latestVersion()));
            }
        }
        return broker.duplicate()
                .setThrottleTimeMs(0)
                .setErrorCode(Errors.NONE.code())
                .setApiKeys(common);
    }

    static boolean answeredHere(short apiKey) {
        return apiKey == ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS.id
                || apiKey == ApiKeys.PUSH_TELEMETRY.id
                || apiKey == ApiKeys.API_VERSIONS.id
                || apiKey == ApiKeys.SASL_HANDSHAKE.id
                || apiKey == ApiKeys.SASL_AUTHENTICATE.id;
    }

    /** The whole response to a request, of a version that is known here or not. */
    static ByteBuf frame(
            RequestFrame request, ApiVersionsResponseData common, MessageCodec codec, ByteBufAllocator allocator) {
        RequestHeader header = request.header();
        short version = header.apiVersion();
        if (version < 0 || version > ApiKeys.API_VERSIONS.latestVersion()) {
            return codec.encodeResponse(
                    allocator, header.apiKey(), (short) 0, header.correlationId(), unsupportedVersion());
        }
        ApiMessage body = codec.decodeRequest(header.apiKey(), version, request.body());
        return codec.encodeResponse(
                allocator,
                header.apiKey(),
                version,
                header.correlationId(),
                to((ApiVersionsRequestData) body, version, common));
    }

    /** Tells name and version of the client's software, as far as a request that was answered says them (KIP-511). */
    static void tellSoftware(RequestFrame request, MessageCodec codec, BiConsumer<String, String> told) {
        short version = request.header().apiVersion();
        if (version >= SOFTWARE_VERSION && version <= ApiKeys.API_VERSIONS.latestVersion()) {
            ApiVersionsRequestData body = (ApiVersionsRequestData)
                    codec.decodeRequest(request.header().apiKey(), version, request.body());
            if (isNamed(body)) {
                told.accept(body.clientSoftwareName(), body.clientSoftwareVersion());
            }
        }
    }

    private static boolean isNamed(ApiVersionsRequestData request) {
        return SOFTWARE.matcher(request.clientSoftwareName()).matches()
                && SOFTWARE.matcher(request.clientSoftwareVersion()).matches();
    }

    /** The answer to a version that is not known: in version 0, with the versions that are. */
    private static ApiVersionsResponseData unsupportedVersion() {
        ApiVersionCollection own = new ApiVersionCollection();
        own.add(version(
                ApiKeys.API_VERSIONS.id, ApiKeys.API_VERSIONS.oldestVersion(), ApiKeys.API_VERSIONS.latestVersion()));
        return new ApiVersionsResponseData()
                .setErrorCode(Errors.UNSUPPORTED_VERSION.code())
                .setApiKeys(own);
    }

    /** The answer to a request that can be read. */
    private static ApiVersionsResponseData to(
            ApiVersionsRequestData request, short version, ApiVersionsResponseData common) {
        if (version >= SOFTWARE_VERSION && !isNamed(request)) {
            return new ApiVersionsResponseData().setErrorCode(Errors.INVALID_REQUEST.code());
        }
        return version >= LEVEL_ZERO_VERSION ? common : withoutLevelZero(common);
    }

    private static ApiVersionsResponseData withoutLevelZero(ApiVersionsResponseData common) {
        SupportedFeatureKeyCollection features = new SupportedFeatureKeyCollection();
        for (SupportedFeatureKey feature : common.supportedFeatures()) {
            if (feature.minVersion() > 0) {
                features.add(feature.duplicate());
            }
        }
        return common.duplicate().setSupportedFeatures(features);
    }

    private static ApiVersion version(short apiKey, short min, short max) {
        return new ApiVersion().setApiKey(apiKey).setMinVersion(min).setMaxVersion(max);
    }
}
