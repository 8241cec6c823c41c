package dev.weir.bench.endtoend;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;

/** What every client begins with: ApiVersions, then Metadata of all topics. */
final class FirstMetadata {
    private static final int API_VERSIONS = 18;
    private static final int METADATA = 3;
    private static final int VERSION_OF_NO_TAGS = 1;

    private FirstMetadata() {}

    static void ask(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        send(socket, API_VERSIONS, 0, new byte[0]);
        readFrame(in);
        // a null array: all topics
        send(socket, METADATA, VERSION_OF_NO_TAGS, new byte[] {-1, -1, -1, -1});
        readFrame(in);
    }

    private static void send(Socket socket, int apiKey, int version, byte[] body) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(4 + 10 + body.length);
        frame.putInt(10 + body.length).putShort((short) apiKey).putShort((short) version);
        frame.putInt(apiKey).putShort((short) -1).put(body);
        socket.getOutputStream().write(frame.array());
    }

    private static void readFrame(DataInputStream in) throws IOException {
        in.readNBytes(in.readInt());
    }
}
