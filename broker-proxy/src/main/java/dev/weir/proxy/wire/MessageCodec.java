package dev.weir.proxy.wire;

import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.jspecify.annotations.Nullable;

/**
 * Between bytes and Kafka's generated classes, for what must be changed or is answered here. A body is walked before it
 * is decoded, so that the generated classes only ever see well-formed bytes: they trust array counts and ignore the
 * sizes of tagged fields. Safe for all threads.
 */
public final class MessageCodec {

    private static final FieldVisitor IGNORE = new FieldVisitor() {};
    private static final int SIZE_BYTES = 4;

    private final Programs shapes;

    public MessageCodec(MessageSpecs specs) {
        this.shapes = new Programs(specs, Interest.SHAPE_ONLY);
    }

    /**
     * Decodes a request's body: the readable bytes, all of them (but for {@link Program#trailingBytesMax}). The buffer's reader index does not move. Records in
     * the message are views of the buffer, which has to outlive it.
     *
     * @throws MalformedFrameException when it is not such a body, or the api key or version is not known
     */
    public ApiMessage decodeRequest(short apiKey, short version, ByteBuf body) {
        Program shape = check(apiKey, version, Direction.REQUEST, body);
        return decode(shape, ApiMessageType.fromApiKey(apiKey).newRequest(), version, body);
    }

    /** As {@link #decodeRequest}, for a response's body: what follows its header. */
    public ApiMessage decodeResponse(short apiKey, short version, ByteBuf body) {
        Program shape = check(apiKey, version, Direction.RESPONSE, body);
        return decode(shape, ApiMessageType.fromApiKey(apiKey).newResponse(), version, body);
    }

    /**
     * Encodes a whole frame: size, header of the right version, body.
     *
     * @return a buffer of the caller's, with one reference
     * @throws org.apache.kafka.common.errors.UnsupportedVersionException when the message has something set that the
     *     version cannot say
     */
    public ByteBuf encodeRequest(
            ByteBufAllocator allocator,
            short apiKey,
            short version,
            int correlationId,
            @Nullable String clientId,
            ApiMessage request) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(apiKey)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId(clientId);
        short headerVersion = ApiMessageType.fromApiKey(apiKey).requestHeaderVersion(version);
        return encode(allocator, header, headerVersion, request, version);
    }

    /** As {@link #encodeRequest}; the header of an ApiVersions response is always of version 0 (KIP-511). */
    public ByteBuf encodeResponse(
            ByteBufAllocator allocator, short apiKey, short version, int correlationId, ApiMessage response) {
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
        return encode(allocator, header, responseHeaderVersion(apiKey, version), response, version);
    }

    /** 0: a correlation id; 1: and a tagged section. */
    public static short responseHeaderVersion(short apiKey, short version) {
        return ApiMessageType.fromApiKey(apiKey).responseHeaderVersion(version);
    }

    /** Where the body begins in a response that {@link #encodeResponse} has made. */
    public static int responseBodyIndex(short apiKey, short version) {
        int tags = responseHeaderVersion(apiKey, version) < 1 ? 0 : 1;
        return SIZE_BYTES + Integer.BYTES + tags;
    }

    private Program check(short apiKey, short version, Direction direction, ByteBuf body) {
        Program shape = shapes.program(apiKey, version, direction);
        if (shape == null) {
            throw new MalformedFrameException("api key " + apiKey + " version " + version + " is not known");
        }
        new Walker().walk(shape, body, IGNORE);
        return shape;
    }

    private static ApiMessage decode(Program shape, ApiMessage message, short version, ByteBuf body) {
        ByteBuf in = body.duplicate();
        try {
            message.read(new ByteBufReadable(in), version);
        } catch (MalformedFrameException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new MalformedFrameException(name(message) + " v" + version + ": " + FailureWords.ofItself(e));
        }
        if (in.readableBytes() > shape.trailingBytesMax()) {
            throw new MalformedFrameException(
                    name(message) + " v" + version + ": " + in.readableBytes() + " bytes too many");
        }
        return message;
    }

    private static String name(ApiMessage message) {
        return ApiKeys.forId(message.apiKey()).name;
    }

    private static ByteBuf encode(
            ByteBufAllocator allocator, Message header, short headerVersion, Message body, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, version);
        ByteBuf frame = allocator.buffer(SIZE_BYTES + size.totalSize());
        boolean written = false;
        try {
            frame.writeInt(size.totalSize());
            ByteBufWritable out = new ByteBufWritable(frame);
            header.write(out, cache, headerVersion);
            body.write(out, cache, version);
            written = true;
            return frame;
        } finally {
            if (!written) {
                frame.release();
            }
        }
    }
}
