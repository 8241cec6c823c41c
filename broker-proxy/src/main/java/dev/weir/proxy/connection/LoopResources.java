package dev.weir.proxy.connection;

import dev.weir.proxy.wire.AddressRewriter;

/**
 * What the connections of one event loop share. Not safe for another thread.
 *
 * @param names strings of names that come again and again
 * @param rewriter replaces addresses, one response at a time
 */
public record LoopResources(Names names, AddressRewriter rewriter) {
    public static LoopResources create(Protocol protocol) {
        return new LoopResources(new Names(), protocol.addressRewriter());
    }
}
