package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.internal.EmptyArrays;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * The header of the request being read (KIP-482 for version 2). One per connection, read again for each frame; it
 * allocates only when the client id differs from the one before. Not safe for more than one thread.
 */
public final class RequestHeader extends FrameHeader {

    /** Api key, api version and correlation id. */
    private static final int FIXED_BYTES = 8;

    private short apiKey;
    private short apiVersion;
    private int correlationId;
    private short headerVersion;
    private @Nullable String clientId;
    private byte[] clientIdUtf8 = EmptyArrays.EMPTY_BYTES;

    /**
     * Reads the header of a frame. Its getters hold after it gave a length, or threw for an unknown api key.
     *
     * @param index where the api key stands, right after the frame's size
     * @param availableBytes how much of the frame is there, from the index on
     * @param frameBytes the size of the frame, without the four bytes that hold it
     * @return the header's length, or {@link #NEED_MORE}
     * @throws MalformedFrameException when it is not a request header, or of an api key that is not known
     */
    public int read(ByteBuf in, int index, int availableBytes, int frameBytes) {
        if (frameBytes < FIXED_BYTES) {
            throw new MalformedFrameException("request of " + frameBytes + " bytes: too short for a header");
        }
        int available = Math.min(availableBytes, frameBytes);
        if (available < FIXED_BYTES) {
            return NEED_MORE;
        }
        apiKey = in.getShort(index);
        apiVersion = in.getShort(index + 2);
        correlationId = in.getInt(index + 4);
        headerVersion = headerVersion(apiKey, apiVersion);
        begin(index + FIXED_BYTES, index + available, index + frameBytes);
        boolean complete = readClientId(in) && (headerVersion < 2 || skipTags(in));
        return complete ? cursor - index : needMore(available, frameBytes);
    }

    public short apiKey() {
        return apiKey;
    }

    public short apiVersion() {
        return apiVersion;
    }

    public int correlationId() {
        return correlationId;
    }

    public @Nullable String clientId() {
        return clientId;
    }

    /** The client id; empty where there is none. */
    public String clientIdOrEmpty() {
        String there = clientId;
        return there == null ? "" : there;
    }

    public short headerVersion() {
        return headerVersion;
    }

    private static short headerVersion(short apiKey, short apiVersion) {
        if (!ApiKeys.hasId(apiKey) || ApiMessageType.fromApiKey(apiKey).highestSupportedVersion(true) < 0) {
            throw new MalformedFrameException("request of unknown api key " + apiKey);
        }
        return ApiMessageType.fromApiKey(apiKey).requestHeaderVersion(apiVersion);
    }

    private boolean readClientId(ByteBuf in) {
        if (limit - cursor < 2) {
            return false;
        }
        int index = cursor + 2;
        int length = in.getShort(cursor);
        cursor = index + Math.max(length, 0);
        if (cursor > frameEnd) {
            throw malformed("has a client id of " + length + " bytes, more than the frame");
        }
        if (cursor > limit) {
            return false;
        }
        if (length < 0) {
            clientId = null;
        } else if (clientId == null || !isClientId(in, index, length)) {
            clientIdUtf8 = new byte[length];
            in.getBytes(index, clientIdUtf8);
            clientId = new String(clientIdUtf8, StandardCharsets.UTF_8);
        }
        return true;
    }

    private boolean isClientId(ByteBuf in, int index, int length) {
        if (length != clientIdUtf8.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (in.getByte(index + i) != clientIdUtf8[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    String what() {
        return "request header, api key " + apiKey;
    }

    @Override
    public String toString() {
        return "api key " + apiKey + " v" + apiVersion + ", correlation id " + correlationId;
    }
}
