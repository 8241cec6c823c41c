package dev.weir.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Keeps the demo from failing over a port that it only would have liked. */
final class FreePorts {

    private FreePorts() {}

    /**
     * The port that was asked for; else the usual one, if it and the following are free; else 0, for any.
     *
     * @param count how many ports in a row are needed
     */
    static int choose(@Nullable Integer wanted, int usual, int count) {
        if (wanted != null) {
            return wanted;
        }
        return areFree(usual, count) ? usual : 0;
    }

    /** Whether nobody has a port that settings name. Another process may be faster than whoever asks. */
    static boolean areFree(DemoSettings settings) {
        return areFree(settings.port(), Door.PORTS)
                && areFree(settings.adminPort(), 1)
                && areFree(settings.topologyPort(), 1);
    }

    /** @param first 0 for any, which are free */
    private static boolean areFree(int first, int count) {
        return first == 0 || IntStream.range(first, first + count).allMatch(FreePorts::isFree);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
