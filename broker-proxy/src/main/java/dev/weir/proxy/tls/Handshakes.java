package dev.weir.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS handshakes with clients and brokers by the JDK's engine: what takes long in them is done by {@link HandshakeThreads}, and not
 * by event loops. Knows whose handshake has failed, too, which Vert.x does not tell.
 */
public final class Handshakes extends SSLEngineOptions {
    /** The last one that failed on this event loop. */
    private static final FastThreadLocal<@Nullable Failure> FAILED = new FastThreadLocal<>();

    private record Failure(Throwable cause, SocketAddress peer) {}

    private final HandshakeThreads threads;

    public Handshakes(HandshakeThreads threads) {
        this.threads = threads;
        setUseWorkerThread(true); // contexts for server names are looked up elsewhere, too
    }

    /**
     * The address of the client whose handshake failed with this cause, or {@code null} where there was no handshake yet. To be
     * asked at once, on the event loop of the failure.
     */
    public static @Nullable SocketAddress peerOf(Throwable cause) {
        Failure failure = FAILED.get();
        return failure == null || failure.cause != cause ? null : failure.peer;
    }

    @Override
    public SSLEngineOptions copy() {
        return this; // it does not change
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                return new Context(super.create(), threads);
            }
        };
    }

    private static final class Context extends DelegatingSslContext {
        private final HandshakeThreads threads;

        private Context(SslContext context, HandshakeThreads threads) {
            super(context);
            this.threads = threads;
        }

        @Override
        protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor ignored) {
            return super.newHandler(allocator, startTls, threads.forOne());
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls, Executor ignored) {
            return super.newHandler(allocator, peerHost, peerPort, startTls, threads.forOne());
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            // as it comes
        }

        @Override
        protected void initHandler(SslHandler handler) {
            handler.handshakeFuture().addListener(done -> {
                Throwable cause = done.cause();
                if (cause != null) {
                    SSLEngine engine = handler.engine();
                    SocketAddress peer = SocketAddress.inetSocketAddress(engine.getPeerPort(), engine.getPeerHost());
                    FAILED.set(new Failure(cause, peer));
                }
            });
        }
    }
}
