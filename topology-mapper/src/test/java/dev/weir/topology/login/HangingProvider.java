package dev.weir.topology.login;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes connections and says nothing. */
final class HangingProvider implements AutoCloseable {
    private final Queue<Socket> held = new ConcurrentLinkedQueue<>();
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final Thread taker = new Thread(this::hold, "hanging-provider");

    HangingProvider() throws IOException {
        taker.start();
    }

    URI issuer() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** How many wait for an answer. */
    int held() {
        return held.size();
    }

    /** Goes away, for those who wait as for those who come. */
    void hangUp() throws IOException {
        server.close();
        for (Socket socket : held) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        hangUp();
        try {
            taker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hold() {
        try {
            while (true) {
                held.add(server.accept());
            }
        } catch (IOException closed) {
            // the end
        }
    }
}
