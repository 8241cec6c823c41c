package dev.weir.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;

/**
 * The event loops that everything here runs on. By epoll, where there is that, and then a loop serves so many sockets at most before it looks at
 * timers and at what other threads have handed to it: Netty would serve all that are ready, and after a burst of log-ins those are thousands.
 */
public final class EventLoops {
    private static final int SOCKETS_AT_A_TURN = 64;

    private EventLoops() {}

    /** Starts them; whoever closes what they belong to closes it. */
    public static Vertx start() {
        VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
        Transport epoll = Transport.EPOLL;
        if (epoll == null || !epoll.available()) {
            return Vertx.vertx(options);
        }
        return Vertx.builder()
                .with(options)
                .withTransport(new ShortTurns(epoll))
                .build();
    }

    private record ShortTurns(Transport epoll) implements Transport {
        @Override
        public String name() {
            return epoll.name();
        }

        @Override
        public boolean available() {
            return epoll.available();
        }

        @Override
        public Throwable unavailabilityCause() {
            return epoll.unavailabilityCause();
        }

        @Override
        public io.vertx.core.spi.transport.Transport implementation() {
            return new Sockets(epoll.implementation());
        }
    }

    /** As those of epoll, but for how many events a loop takes at once. */
    @SuppressWarnings("deprecation") // of an address family, which what is implemented here asks for
    private record Sockets(io.vertx.core.spi.transport.Transport epoll)
            implements io.vertx.core.spi.transport.Transport {
        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return EpollIoHandler.newFactory(SOCKETS_AT_A_TURN, DefaultSelectStrategyFactory.INSTANCE);
        }

        @Override
        public boolean supportsDomainSockets() {
            return epoll.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return epoll.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return epoll.isAvailable();
        }

        @Override
        public Throwable unavailabilityCause() {
            return epoll.unavailabilityCause();
        }

        @Override
        public java.net.SocketAddress convert(SocketAddress address) {
            return epoll.convert(address);
        }

        @Override
        public SocketAddress convert(java.net.SocketAddress address) {
            return epoll.convert(address);
        }

        @Override
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return epoll.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
            return epoll.datagramChannelFactory();
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return epoll.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return epoll.serverChannelFactory(domainSocket);
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            epoll.configure(channel, options);
        }

        @Override
        public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
            epoll.configure(config, domainSocket, bootstrap);
        }

        @Override
        public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
            epoll.configure(config, domainSocket, bootstrap);
        }
    }
}
