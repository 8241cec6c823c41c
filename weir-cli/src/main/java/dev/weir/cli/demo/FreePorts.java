package dev.weir.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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
        for (int port = usual; port < usual + count; port++) {
            if (!isFree(port)) {
                return 0;
            }
        }
        return usual;
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
