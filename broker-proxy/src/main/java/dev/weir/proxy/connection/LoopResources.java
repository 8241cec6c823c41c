package dev.weir.proxy.connection;

import dev.weir.proxy.wire.AddressRewriter;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What the connections of one event loop share. Not safe for another thread.
 *
 * @param names strings of names that come again and again
 * @param random draws the requests that faults hit
 * @param rewriter replaces addresses, one response at a time
 */
public record LoopResources(Names names, RandomGenerator random, AddressRewriter rewriter) {
    public static LoopResources create(Protocol protocol) {
        return new LoopResources(new Names(), new SplittableRandom(), protocol.addressRewriter());
    }
}
