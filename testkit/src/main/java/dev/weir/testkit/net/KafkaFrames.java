package dev.weir.testkit.net;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Requests and responses to and from bytes, by Kafka's generated classes. Frames here are without their length prefix. */
public final class KafkaFrames {

    private KafkaFrames() {}

    /** Header and body of a request, in the header version that goes with the body's. */
    public static byte[] encodeRequest(RequestHeaderData header, ApiMessage body) {
        short headerVersion = ApiKeys.forId(body.apiKey()).requestHeaderVersion(header.requestApiVersion());
        return concat(encode(header, headerVersion), encode(body, header.requestApiVersion()));
    }

    /** A header and the body alone, for whoever compares bytes. */
    public static byte[] encode(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer buffer = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(buffer), cache, version);
        return buffer.array();
    }

    /**
     * Header and body of a response.
     *
     * @throws IllegalArgumentException if bytes are left over after the body
     */
    public static KafkaResponse decodeResponse(byte[] frame, ApiKeys api, short version) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        ByteBufferAccessor readable = new ByteBufferAccessor(buffer);
        ResponseHeaderData header = new ResponseHeaderData(readable, api.responseHeaderVersion(version));
        ApiMessage body = ApiMessageType.fromApiKey(api.id).newResponse();
        body.read(readable, version);
        if (buffer.hasRemaining()) {
            throw new IllegalArgumentException(
                    api + " v" + version + " response: " + buffer.remaining() + " bytes left over of " + frame.length);
        }
        return new KafkaResponse(header, body, frame);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
