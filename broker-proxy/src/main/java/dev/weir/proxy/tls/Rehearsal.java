package dev.weir.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/**
 * Handshakes of a listener with itself, in memory, before its first client comes: the JVM then has loaded what event loops run of
 * them, and compiled some of it, so that a burst of clients right after the start does not have the loops wait for that. Once in a process, since what is
 * loaded stays. Blocks; for workers.
 */
final class Rehearsal {
    private static final AtomicBoolean DONE = new AtomicBoolean();
    private static final int HANDSHAKES_MAX = 100;
    private static final long NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int RECORDS = 8;
    private static final int RECORD_BYTES = 500;

    private final SslContext server;
    private final SslContext client;

    private Rehearsal(KeyManagerFactory keys) throws SSLException {
        // both ends are this method's, and nothing that they say to each other leaves it: there is nobody to be wary of
        server = SslContextBuilder.forServer(keys)
                .sslProvider(SslProvider.JDK)
                .clientAuth(ClientAuth.REQUIRE)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
        client = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .keyManager(keys)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
    }

    /** @param keys whose certificate both sides show */
    static void once(KeyManagerFactory keys) throws SSLException {
        if (!DONE.getAndSet(true)) {
            new Rehearsal(keys).run(HANDSHAKES_MAX);
        }
    }

    /**
     * As {@link #once}, however often it was done.
     *
     * @return how many handshakes came to their end
     */
    static int run(KeyManagerFactory keys, int handshakes) throws SSLException {
        return new Rehearsal(keys).run(handshakes);
    }

    private int run(int handshakes) {
        long begunNanos = System.nanoTime();
        int done = 0;
        for (int i = 0; i < handshakes && System.nanoTime() - begunNanos < NANOS_MAX; i++) {
            done += one() ? 1 : 0;
        }
        return done;
    }

    /** One client, from its first byte to its last; whether it got in. */
    private boolean one() {
        EmbeddedChannel toClients = new EmbeddedChannel();
        EmbeddedChannel toServer = new EmbeddedChannel();
        SslHandler in = server.newHandler(toClients.alloc());
        SslHandler out = client.newHandler(toServer.alloc());
        try {
            toClients.pipeline().addLast(in);
            toServer.pipeline().addLast(out);
            pass(toServer, toClients);
            boolean met =
                    in.handshakeFuture().isSuccess() && out.handshakeFuture().isSuccess();
            for (int i = 0; met && i < RECORDS; i++) {
                toServer.writeOutbound(toServer.alloc().buffer(RECORD_BYTES).writeZero(RECORD_BYTES));
                toClients.writeOutbound(toClients.alloc().buffer(RECORD_BYTES).writeZero(RECORD_BYTES));
                pass(toServer, toClients);
            }
            return met;
        } finally {
            toServer.finishAndReleaseAll();
            toClients.finishAndReleaseAll();
        }
    }

    /** Hands what each side has written to the other, until neither has anything left to say. */
    private static void pass(EmbeddedChannel one, EmbeddedChannel other) {
        boolean moved = true;
        while (moved) {
            moved = move(one, other);
            moved |= move(other, one);
        }
        releaseRead(one);
        releaseRead(other);
    }

    private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
        ByteBuf bytes = from.readOutbound();
        if (bytes == null) {
            return false;
        }
        to.writeInbound(bytes);
        return true;
    }

    private static void releaseRead(EmbeddedChannel channel) {
        for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
            ReferenceCountUtil.release(read);
        }
    }
}
