package dev.weir.proxy;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * A peer that speaks a broker's side of the real wire protocol, over a real socket, and answers what a test says; for
 * what no real broker can be made to do: answer with given bytes, stop reading, write in small pieces. It is a cluster
 * of one, and says so to Weir's own questions, whose client id is {@code weir}; all else goes to the test.
 */
public final class FakeBroker implements AutoCloseable {
    /** The one topic that this cluster says it has. */
    public static final String TOPIC = "orders";

    public static final Uuid TOPIC_ID = new Uuid(1, 1);
    private static final int NODE_ID = 1;
    private static final String WEIR = "weir";

    /** Says what a request is answered. Called on the thread of its connection. */
    @FunctionalInterface
    public interface Responder {
        /** The response's body, or {@code null} for no answer. */
        byte[] body(RequestHeaderData header, byte[] frame);
    }

    /** Writes a frame; the default is all at once. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out, byte[] frame) throws IOException;
    }

    private volatile boolean fenced;
    private final ServerSocket server;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final AtomicLong requests = new AtomicLong();
    private final Object gate = new Object();
    private final Set<String> stalled = new HashSet<>(); // guarded by gate
    private volatile Responder responder = (header, frame) -> null;
    private volatile Writer writer = OutputStream::write;
    private volatile boolean closed;

    private FakeBroker(ServerSocket server) {
        this.server = server;
    }

    public static FakeBroker start() {
        try {
            FakeBroker broker = new FakeBroker(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
            broker.run("fake-broker-accept", broker::accept);
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bootstrap() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    public void responder(Responder next) {
        responder = next;
    }

    public void writer(Writer next) {
        writer = next;
    }

    /** Reads nothing more from clients of this id, beyond a first request. */
    public void stopReading(String clientId) {
        synchronized (gate) {
            stalled.add(clientId);
        }
    }

    /** Reads again from clients of this id. */
    public void readOn(String clientId) {
        synchronized (gate) {
            stalled.remove(clientId);
            gate.notifyAll();
        }
    }

    /** Requests that came from clients. */
    public long requests() {
        return requests.get();
    }

    /** Lets go of connections that are closed, and gives the number of the others. */
    public int forgetClosed() {
        sockets.removeIf(Socket::isClosed);
        return sockets.size();
    }

    private void accept() throws IOException {
        while (!closed) {
            Socket socket = server.accept();
            socket.setTcpNoDelay(true);
            sockets.add(socket);
            run("fake-broker-" + socket.getPort(), () -> {
                try (socket) {
                    serve(socket);
                }
            });
        }
    }

    private void serve(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        String clientId = WEIR;
        while (!closed) {
            awaitReading(clientId);
            byte[] frame = in.readNBytes(in.readInt());
            RequestHeaderData header = header(frame);
            clientId = header.clientId();
            boolean client = !WEIR.equals(clientId);
            if (client) {
                requests.incrementAndGet();
            }
            byte[] body = client ? responder.body(header, frame) : ofCluster(header, frame);
            if (body != null) {
                writer.write(out, response(header, body));
                out.flush();
            }
        }
    }

    private void awaitReading(String clientId) throws EOFException {
        synchronized (gate) {
            while (stalled.contains(clientId)) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    throw new EOFException("interrupted");
                }
            }
        }
    }

    private static RequestHeaderData header(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        short headerVersion = ApiMessageType.fromApiKey(bytes.getShort(0)).requestHeaderVersion(bytes.getShort(2));
        return new RequestHeaderData(new ByteBufferAccessor(bytes), headerVersion);
    }

    private byte[] ofCluster(RequestHeaderData header, byte[] frame) {
        ApiMessage response = ApiMessageType.fromApiKey(header.requestApiKey()).newResponse();
        if (response instanceof ApiVersionsResponseData versions) {
            for (ApiKeys api : ApiKeys.brokerApis()) {
                versions.apiKeys()
                        .add(new ApiVersionsResponseData.ApiVersion()
                                .setApiKey(api.id)
                                .setMinVersion(api.oldestVersion())
                                .setMaxVersion(api.latestVersion(true)));
            }
        } else if (response instanceof MetadataResponseData metadata) {
            metadata.setClusterId("fake").setControllerId(NODE_ID);
            if (!fenced) {
                metadata.brokers()
                        .add(new MetadataResponseData.MetadataResponseBroker()
                                .setNodeId(NODE_ID)
                                .setHost("127.0.0.1")
                                .setPort(server.getLocalPort()));
            }
            List<MetadataRequestTopic> asked = topics(header, frame);
            if (asked != null && asked.stream().anyMatch(topic -> topic.name() != null)) {
                asked.forEach(topic -> metadata.topics()
                        .add(new MetadataResponseData.MetadataResponseTopic()
                                .setName(topic.name())
                                .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())));
            } else if (header.requestApiVersion() >= 10) {
                metadata.topics()
                        .add(new MetadataResponseData.MetadataResponseTopic()
                                .setName(TOPIC)
                                .setTopicId(TOPIC_ID));
            }
        }
        return encode(response, header.requestApiVersion());
    }

    private static List<MetadataRequestTopic> topics(RequestHeaderData header, byte[] frame) {
        ByteBufferAccessor bytes = new ByteBufferAccessor(ByteBuffer.wrap(frame));
        short version = header.requestApiVersion();
        new RequestHeaderData(
                bytes, ApiMessageType.fromApiKey(header.requestApiKey()).requestHeaderVersion(version));
        return new MetadataRequestData(bytes, version).topics();
    }

    private static byte[] response(RequestHeaderData request, byte[] body) {
        short version =
                ApiMessageType.fromApiKey(request.requestApiKey()).responseHeaderVersion(request.requestApiVersion());
        byte[] header = encode(new ResponseHeaderData().setCorrelationId(request.correlationId()), version);
        return ByteBuffer.allocate(Integer.BYTES + header.length + body.length)
                .putInt(header.length + body.length)
                .put(header)
                .put(body)
                .array();
    }

    /** Whether it tells Weir that the cluster has no brokers, as when all are fenced. */
    public void fenced(boolean now) {
        fenced = now;
    }

    /** An answer to Metadata. */
    public static MetadataResponseData oneBroker() {
        MetadataResponseData metadata = new MetadataResponseData();
        metadata.brokers()
                .add(new MetadataResponseData.MetadataResponseBroker()
                        .setNodeId(NODE_ID)
                        .setHost("h")
                        .setPort(1));
        return metadata;
    }

    /** A message's bytes, by Kafka's own classes. */
    public static byte[] encode(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        return bytes.array();
    }

    private interface Work {
        void run() throws IOException;
    }

    private void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (EOFException | SocketException e) {
                        // the peer has gone, or this broker was closed
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                name);
        threads.add(thread);
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            for (Thread thread : threads) {
                thread.interrupt();
                thread.join();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the fake broker does not close", e);
        }
    }
}
