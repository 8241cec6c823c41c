package dev.weir.cli.rehearsal;

import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Answers what Weir asks a broker at its start, and a client's Metadata, always the same. A thread per connection. */
final class StandInBroker implements AutoCloseable {
    private static final int NODE_ID = 1;

    private final ServerSocket server;
    private final MessageCodec codec = new MessageCodec(new MessageSpecs());

    private StandInBroker(ServerSocket server) {
        this.server = server;
    }

    /** On a free port of loopback. */
    static StandInBroker start() throws IOException {
        StandInBroker broker = new StandInBroker(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
        daemon(broker::accept);
        return broker;
    }

    int port() {
        return server.getLocalPort();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "stand-in-broker");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the rehearsal is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                ByteBuffer request = ByteBuffer.wrap(in.readNBytes(in.readInt()));
                short apiKey = request.getShort();
                short version = request.getShort();
                ByteBuf frame = codec.encodeResponse(
                        UnpooledByteBufAllocator.DEFAULT, apiKey, version, request.getInt(), answer(apiKey));
                frame.readBytes(socket.getOutputStream(), frame.readableBytes());
                frame.release();
            }
        } catch (EOFException | SocketException e) {
            // Weir has closed
        } catch (IOException e) {
            throw new IllegalStateException("the stand-in broker failed", e);
        }
    }

    private ApiMessage answer(short apiKey) {
        return switch (ApiKeys.forId(apiKey)) {
            case API_VERSIONS -> apiVersions();
            case METADATA -> metadata();
            case DESCRIBE_CONFIGS -> new DescribeConfigsResponseData();
            default -> throw new IllegalStateException("api key " + apiKey + " was not expected in a rehearsal");
        };
    }

    private static ApiVersionsResponseData apiVersions() {
        ApiVersionsResponseData answer = new ApiVersionsResponseData();
        for (ApiKeys api : ApiKeys.clientApis()) {
            answer.apiKeys()
                    .add(new ApiVersion()
                            .setApiKey(api.id)
                            .setMinVersion(api.oldestVersion())
                            .setMaxVersion(api.latestVersion()));
        }
        return answer;
    }

    private MetadataResponseData metadata() {
        MetadataResponseData answer =
                new MetadataResponseData().setClusterId("rehearsal").setControllerId(NODE_ID);
        answer.brokers()
                .add(new MetadataResponseBroker()
                        .setNodeId(NODE_ID)
                        .setHost("127.0.0.1")
                        .setPort(port()));
        for (String name : new String[] {"rehearsal", "hidden"}) {
            MetadataResponseTopic topic =
                    new MetadataResponseTopic().setName(name).setTopicId(new Uuid(1, name.length()));
            topic.partitions().add(new MetadataResponsePartition().setLeaderId(NODE_ID));
            answer.topics().add(topic);
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
