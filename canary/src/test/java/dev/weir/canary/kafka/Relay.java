package dev.weir.canary.kafka;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Between clients and one broker: passes what both sides say, until it is told to keep the broker's answers back, or to end. */
final class Relay implements AutoCloseable {
    private static final int BACKLOG = 50;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final Duration END = Duration.ofSeconds(60);

    private final ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();

    // guarded by this
    private final Set<Socket> sockets = new HashSet<>();
    private boolean held;
    private boolean cut;

    /** Listens; clients that come wait until it is told where the broker is. */
    Relay() throws IOException {}

    /** Where clients find it. */
    int port() {
        return server.getLocalPort();
    }

    /** Begins to pass, to this port of this machine. */
    void start(int brokerPort) {
        threads.execute(() -> accept(brokerPort));
    }

    /** From when this returns on, the broker's answers wait; what clients send goes on. */
    synchronized void hold() {
        held = true;
    }

    /** What has waited goes on. */
    synchronized void release() {
        held = false;
        notifyAll();
    }

    /** Ends all connections, and takes no others: for clients the network is gone. */
    synchronized void cut() throws IOException {
        cut = true;
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        notifyAll();
    }

    private void accept(int brokerPort) {
        try {
            while (true) {
                Socket client = opened(server.accept());
                Socket broker = opened(new Socket(InetAddress.getLoopbackAddress(), brokerPort));
                threads.execute(() -> pass(client, broker, false));
                threads.execute(() -> pass(broker, client, true));
            }
        } catch (IOException e) {
            // it was cut, or the broker is gone
        }
    }

    private synchronized Socket opened(Socket socket) throws IOException {
        if (cut) {
            socket.close();
        }
        sockets.add(socket);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private void pass(Socket from, Socket to, boolean answers) {
        byte[] bytes = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                if (answers) {
                    awaitRelease();
                }
                out.write(bytes, 0, length);
            }
        } catch (IOException e) {
            // one of the two is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitRelease() throws InterruptedException {
        while (held && !cut) {
            wait();
        }
    }

    @Override
    public void close() throws IOException {
        cut();
        threads.shutdown();
        await().atMost(END).until(threads::isTerminated);
    }
}
