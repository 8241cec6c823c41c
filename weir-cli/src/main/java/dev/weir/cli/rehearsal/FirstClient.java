package dev.weir.cli.rehearsal;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Asks what every client begins with: ApiVersions, then Metadata, in an old and in a recent version. */
final class FirstClient {
    private static final int TIMEOUT_MILLIS = (int) TimeUnit.SECONDS.toMillis(20);
    private static final int API_VERSIONS = 18;
    private static final int METADATA = 3;
    /** Tags of the header; then, compact: a name, a version, tags. */
    private static final byte[] API_VERSIONS_V3 = {0, 2, 'w', 2, '1', 0};
    /** All topics, as a null array. */
    private static final byte[] METADATA_V1 = {-1, -1, -1, -1};
    /** Tags of the header; all topics, none created, no authorized operations, tags. */
    private static final byte[] METADATA_V12 = {0, 0, 0, 0, 0};

    private FirstClient() {}

    static void ask(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            ask(socket, API_VERSIONS, 0, new byte[0]);
            ask(socket, API_VERSIONS, 3, API_VERSIONS_V3);
            ask(socket, METADATA, 1, METADATA_V1);
            ask(socket, METADATA, 12, METADATA_V12);
        }
    }

    private static void ask(Socket socket, int apiKey, int version, byte[] rest) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(4 + 10 + rest.length);
        frame.putInt(10 + rest.length).putShort((short) apiKey).putShort((short) version);
        frame.putInt(apiKey).putShort((short) -1).put(rest);
        socket.getOutputStream().write(frame.array());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int lengthBytes = in.readInt();
        if (in.readNBytes(lengthBytes).length < lengthBytes) {
            throw new IOException("the connection ended within the answer to api key " + apiKey + " v" + version);
        }
    }
}
