package dev.weir.proxy.connection;

import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.authorize.ResponseEdit;
import dev.weir.proxy.wire.AddressMap;
import dev.weir.proxy.wire.AddressRewriter;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.ResponseHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Changes a whole response: first every broker's address in it, found by the specs; then what its edit changes. An edit
 * that only takes out topics is made in the bytes, together with the addresses.
 */
final class ResponseEditor {
    private final MessageCodec codec;
    private final AddressRewriter rewriter;
    private final AddressMap addresses;
    private final ByteBufAllocator allocator;

    ResponseEditor(MessageCodec codec, AddressRewriter rewriter, AddressMap addresses, ByteBufAllocator allocator) {
        this.codec = codec;
        this.rewriter = rewriter;
        this.addresses = addresses;
        this.allocator = allocator;
    }

    boolean hasAddresses(short apiKey, short version) {
        return rewriter.hasAddresses(apiKey, version);
    }

    boolean canBlankAddresses(short apiKey, short version) {
        return rewriter.canBlank(apiKey, version);
    }

    /**
     * Gives the frame to send.
     *
     * @param frame the response as it came, length and header included; it is taken over
     * @param headBytes how much of it comes before the body
     */
    ByteBuf edit(Pending.Upstream response, @Nullable ResponseEdit<?> edit, ByteBuf frame, int headBytes) {
        ByteBuf current = frame;
        try {
            boolean hasAddresses = hasAddresses(response.apiKey(), response.version());
            Predicate<String> topicsShown = hasAddresses ? topicsShown(response, edit) : null;
            if (hasAddresses) {
                current = readdress(response, current, headBytes, topicsShown);
            }
            if (edit != null && topicsShown == null) {
                ByteBuf before = current;
                current = rebuild(response, edit, before, headBytes);
                before.release();
            }
            return current;
        } catch (RuntimeException e) {
            current.release();
            throw e;
        }
    }

    private static @Nullable Predicate<String> topicsShown(Pending.Upstream response, @Nullable ResponseEdit<?> edit) {
        RequestContext context = response.context();
        return edit == null || context == null ? null : edit.topicsShown(context);
    }

    private ByteBuf readdress(
            Pending.Upstream response, ByteBuf frame, int headBytes, @Nullable Predicate<String> topicsShown) {
        ByteBuf before = body(frame, headBytes);
        ByteBuf body = topicsShown == null
                ? rewriter.rewrite(allocator, response.apiKey(), response.version(), before, addresses)
                : rewriter.rewrite(allocator, response.apiKey(), response.version(), before, addresses, topicsShown);
        if (body == null) {
            return frame;
        }
        ByteBuf head = allocator.buffer(headBytes);
        head.writeInt(headBytes - 4 + body.readableBytes());
        head.writeBytes(frame, frame.readerIndex() + 4, headBytes - 4);
        frame.release();
        return Unpooled.wrappedBuffer(head, body);
    }

    private ByteBuf rebuild(Pending.Upstream response, ResponseEdit<?> edit, ByteBuf frame, int headBytes) {
        RequestContext context = response.context();
        if (context == null) {
            throw new IllegalStateException("an edit without its request");
        }
        ApiMessage body = codec.decodeResponse(response.apiKey(), response.version(), body(frame, headBytes));
        return codec.encodeResponse(
                allocator,
                response.apiKey(),
                response.version(),
                response.correlationId(),
                ResponseEdit.applied(edit, body, context));
    }

    /** Decodes a response as the client gets it; empty when that cannot be. The frame stays as it is. */
    Optional<ApiMessage> decode(Pending.Upstream response, ByteBuf frame) {
        try {
            int headBytes = headBytes(response, frame);
            return Optional.of(codec.decodeResponse(response.apiKey(), response.version(), body(frame, headBytes)));
        } catch (RuntimeException e) {
            return Optional.empty(); // it goes on as it is
        }
    }

    /** How much of a whole response comes before its body. */
    static int headBytes(Pending.Upstream response, ByteBuf frame) {
        int lengthBytes = frame.readableBytes() - 4;
        return 4
                + new ResponseHeader()
                        .read(
                                frame,
                                frame.readerIndex() + 4,
                                lengthBytes,
                                lengthBytes,
                                MessageCodec.responseHeaderVersion(response.apiKey(), response.version()));
    }

    private static ByteBuf body(ByteBuf frame, int headBytes) {
        return frame.slice(frame.readerIndex() + headBytes, frame.readableBytes() - headBytes);
    }
}
