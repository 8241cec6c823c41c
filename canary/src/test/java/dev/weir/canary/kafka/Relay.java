package dev.weir.canary.kafka;

import static org.awaitility.Awaitility.await;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

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
    private @Nullable ApiKeys unanswered;
    /** Clients that asked for it. */
    private final Set<Socket> heldClients = new HashSet<>();

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

    /** From when this returns on, the broker's answers wait on each connection on which something of this kind is asked, from that question on. */
    synchronized void holdAnswersTo(ApiKeys api) {
        unanswered = api;
    }

    /** What has waited goes on. */
    synchronized void release() {
        held = false;
        unanswered = null;
        heldClients.clear();
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
                threads.execute(() -> passRequests(client, broker));
                threads.execute(() -> passAnswers(broker, client));
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

    private void passRequests(Socket client, Socket broker) {
        try (client;
                broker) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(broker.getOutputStream()));
            while (true) {
                byte[] request = new byte[in.readInt()];
                in.readFully(request);
                heard(client, ByteBuffer.wrap(request).getShort());
                out.writeInt(request.length);
                out.write(request);
                out.flush();
            }
        } catch (IOException e) {
            // one of the two is gone
        }
    }

    private synchronized void heard(Socket client, short api) {
        if (unanswered != null && unanswered.id == api) {
            heldClients.add(client);
        }
    }

    private void passAnswers(Socket broker, Socket client) {
        byte[] bytes = new byte[BUFFER_BYTES];
        try (broker;
                client) {
            InputStream in = broker.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                awaitRelease(client);
                out.write(bytes, 0, length);
            }
        } catch (IOException e) {
            // one of the two is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitRelease(Socket client) throws InterruptedException {
        while ((held || heldClients.contains(client)) && !cut) {
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
