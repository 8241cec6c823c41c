package dev.weir.testkit.net;

import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A response as it came.
 *
 * @param frame header and body, without the length prefix
 */
@SuppressWarnings("ArrayRecordComponent") // two responses are compared by their bodies
public record KafkaResponse(ResponseHeaderData header, ApiMessage body, byte[] frame) {

    /** The body as the class the caller expects, for example {@code MetadataResponseData}. */
    public <T extends ApiMessage> T as(Class<T> type) {
        return type.cast(body);
    }
}
