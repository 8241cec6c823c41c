package dev.weir.bench.login;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Clients that all come at once, and stay until they are told to go. */
final class Burst implements AutoCloseable {
    /** As Kafka's own clients wait for an answer. */
    private static final int PATIENCE_MILLIS = 30_000;

    private static final long SECONDS_MAX = 120;
    private static final int FRAME_BYTES_MAX = 1 << 20;

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("bench-clients", true),
            NioIoHandler.newFactory());
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Clients clients;

    Burst(Clients clients) {
        this.clients = clients;
    }

    /** Has clients come, and waits until each is in or has failed. */
    Outcome come(Way way, InetSocketAddress address, int count) {
        AtomicReferenceArray<@Nullable Double> millis = new AtomicReferenceArray<>(count);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        long startNanos = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int client = i;
            CompletableFuture<Void> in = new CompletableFuture<>();
            all.add(in.thenRun(() -> millis.set(client, (System.nanoTime() - startNanos) / 1e6)));
            connect(way, client, address, in);
        }
        String failure = "";
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            failure = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e.toString();
        }
        List<Double> done = IntStream.range(0, count)
                .mapToObj(millis::get)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        return Outcome.of(done, count, failure);
    }

    private void connect(Way way, int client, InetSocketAddress address, CompletableFuture<Void> in) {
        ChannelFuture connecting = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, PATIENCE_MILLIS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        SslHandler tls = clients.tls(way, client).newHandler(channel.alloc());
                        tls.setHandshakeTimeoutMillis(PATIENCE_MILLIS);
                        channel.pipeline()
                                .addLast(tls)
                                .addLast(new LengthFieldBasedFrameDecoder(
                                        FRAME_BYTES_MAX, 0, Integer.BYTES, 0, Integer.BYTES))
                                .addLast(new LogInClient(clients.logIn(way, client), in));
                    }
                })
                .connect(address);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                in.completeExceptionally(done.cause());
            }
        });
    }

    /** Has all of them go. */
    void go() {
        channels.close().awaitUninterruptibly();
    }

    @Override
    public void close() {
        go();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
