package dev.weir.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/**
 * What a JVM does once for TLS. Netty and the JDK load some 480 classes for the first connection, most of them of Bouncy Castle where it is on the class path, and try
 * out what they can do. Left to that connection, it has its event loop work for a tenth of a second at a stretch, or two.
 */
final class TlsLoading {
    private TlsLoading() {}

    /** Makes what a connection to a listener with these keys needs, up to its first byte, and throws it away. For workers. */
    static void forListener(KeyManagerFactory keys) throws SSLException {
        SslContext context =
                SslContextBuilder.forServer(keys).sslProvider(SslProvider.JDK).build();
        new EmbeddedChannel(context.newHandler(ByteBufAllocator.DEFAULT)).finishAndReleaseAll();
    }
}
