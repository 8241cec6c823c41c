package dev.weir.proxy.authorize;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * GetTelemetrySubscriptions (71) and PushTelemetry (72): answered by Weir itself (KIP-714), so that clients' metrics
 * stay in the mesh. Nothing is subscribed to: a client asks again in an hour, and what it pushes is dropped.
 */
final class TelemetryAuthorizer implements ApiAuthorizer<ApiMessage> {
    private static final int ASK_AGAIN_MILLIS = 3_600_000;
    private static final int TELEMETRY_BYTES_MAX = 1 << 20;

    @Override
    public Outcome decide(ApiMessage request, RequestContext context) {
        if (request instanceof PushTelemetryRequestData) {
            return new Outcome.Answer(new PushTelemetryResponseData());
        }
        Uuid asked = ((GetTelemetrySubscriptionsRequestData) request).clientInstanceId();
        return new Outcome.Answer(new GetTelemetrySubscriptionsResponseData()
                .setClientInstanceId(asked.equals(Uuid.ZERO_UUID) ? Uuid.randomUuid() : asked)
                .setPushIntervalMs(ASK_AGAIN_MILLIS)
                .setTelemetryMaxBytes(TELEMETRY_BYTES_MAX));
    }
}
