package dev.weir.proxy.connection;

import dev.weir.proxy.wire.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * One request, whole: its header, and its bytes as they came. Whoever has it last releases it or passes its parts on.
 *
 * @param header the parsed header
 * @param parts all bytes of the frame in order, the length in front included; each is owned here
 * @param bodyIndex where the body begins, counted from the length's first byte
 */
record RequestFrame(RequestHeader header, List<ByteBuf> parts, int bodyIndex) {

    /** A view of the body; it does not own its bytes. */
    ByteBuf body() {
        ByteBuf whole =
                parts.size() == 1 ? parts.get(0).duplicate() : Unpooled.wrappedBuffer(parts.size(), views(parts));
        return whole.skipBytes(bodyIndex);
    }

    private static ByteBuf[] views(List<ByteBuf> parts) {
        ByteBuf[] views = new ByteBuf[parts.size()];
        for (int i = 0; i < views.length; i++) {
            views[i] = parts.get(i).duplicate();
        }
        return views;
    }

    /** Its length on the wire. */
    long bytes() {
        long bytes = 0;
        for (int i = 0; i < parts.size(); i++) {
            bytes += parts.get(i).readableBytes();
        }
        return bytes;
    }

    void release() {
        parts.forEach(ByteBuf::release);
        parts.clear();
    }
}
