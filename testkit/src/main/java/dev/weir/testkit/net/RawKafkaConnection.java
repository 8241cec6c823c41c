package dev.weir.testkit.net;

import dev.weir.testkit.await.Patience;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * One connection that speaks Kafka, or whatever bytes the test wants, without a client library in between. Blocking; every read
 * gives up after {@link Patience#ANSWER}. For one thread.
 */
public final class RawKafkaConnection implements AutoCloseable {

    /** No response the tests ask for is larger; a longer length prefix means that the bytes are not Kafka's. */
    private static final int FRAME_BYTES_MAX = 64 * 1024 * 1024;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private String clientId = "raw";
    private int correlationId;

    private RawKafkaConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(Patience.ANSWER.toMillis()));
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Connects to {@code host:port}; of a bootstrap list, to its first address. */
    public static RawKafkaConnection open(String address) {
        return attempt("connect to " + address, () -> new RawKafkaConnection(connect(address)));
    }

    /** Connects and does the TLS handshake. The name in {@code address} is what SNI says. */
    public static RawKafkaConnection openTls(String address, SSLSocketFactory tls) {
        return attempt("connect with TLS to " + address, () -> {
            Socket plain = connect(address);
            return new RawKafkaConnection(tls.createSocket(plain, host(address), plain.getPort(), true));
        });
    }

    /** As {@link #openTls(String, SSLSocketFactory)}, with a server name (SNI) of its own, which need not resolve. */
    public static RawKafkaConnection openTls(String address, String serverName, SSLSocketFactory tls) {
        return attempt("connect with TLS to " + address + " as " + serverName, () -> {
            Socket plain = connect(address);
            return new RawKafkaConnection(tls.createSocket(plain, serverName, plain.getPort(), true));
        });
    }

    public RawKafkaConnection withClientId(String id) {
        clientId = id;
        return this;
    }

    /** Logs in by SASL/PLAIN, and fails with the server's words if that is refused. */
    public RawKafkaConnection login(String user, String password) {
        SaslHandshakeResponseData handshake = request(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 1)
                .as(SaslHandshakeResponseData.class);
        if (handshake.errorCode() != Errors.NONE.code()) {
            throw new IllegalStateException("PLAIN is refused: " + Errors.forCode(handshake.errorCode()) + ", offered "
                    + handshake.mechanisms());
        }
        byte[] token = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        SaslAuthenticateResponseData answer = request(new SaslAuthenticateRequestData().setAuthBytes(token), (short) 2)
                .as(SaslAuthenticateResponseData.class);
        if (answer.errorCode() != Errors.NONE.code()) {
            throw new IllegalStateException("login of " + user + " is refused: " + Errors.forCode(answer.errorCode())
                    + " " + answer.errorMessage());
        }
        return this;
    }

    /** Sends a request and waits for its response. */
    public KafkaResponse request(ApiMessage body, short version) {
        int sent = send(body, version);
        KafkaResponse response = receive(ApiKeys.forId(body.apiKey()), version);
        if (response.header().correlationId() != sent) {
            throw new IllegalStateException(
                    "response to correlation id " + response.header().correlationId() + ", expected " + sent);
        }
        return response;
    }

    /** Sends a request and returns its correlation id; the response is the caller's to {@link #receive}. */
    public int send(ApiMessage body, short version) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(body.apiKey())
                .setRequestApiVersion(version)
                .setCorrelationId(++correlationId)
                .setClientId(clientId);
        sendFrame(KafkaFrames.encodeRequest(header, body));
        return correlationId;
    }

    /** Reads the next frame as the response of this API and version. */
    public KafkaResponse receive(ApiKeys api, short version) {
        return KafkaFrames.decodeResponse(receiveFrame(), api, version);
    }

    /** Sends bytes behind their right length prefix. */
    public void sendFrame(byte[] frame) {
        sendBytes(ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array());
    }

    /** Sends bytes just as they are. */
    public void sendBytes(byte[] bytes) {
        attempt("send", () -> {
            out.write(bytes);
            out.flush();
            return bytes.length;
        });
    }

    /** Reads one frame and returns it without its length prefix. */
    public byte[] receiveFrame() {
        return attempt("receive", () -> {
            int length = in.readInt();
            if (length < 0 || length > FRAME_BYTES_MAX) {
                throw new IOException("frame length " + length + ", expected 0 to " + FRAME_BYTES_MAX);
            }
            byte[] frame = in.readNBytes(length);
            if (frame.length < length) {
                throw new EOFException("closed after " + frame.length + " of " + length + " bytes of a frame");
            }
            return frame;
        });
    }

    /** Reads bytes just as they are; as many, or it fails. */
    public byte[] receiveBytes(int count) {
        return attempt("receive", () -> {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("closed after " + bytes.length + " of " + count + " bytes");
            }
            return bytes;
        });
    }

    /**
     * Waits for the peer to close the connection, and returns whether it did so without sending a byte.
     *
     * @throws UncheckedIOException if the connection is still open after {@link Patience#ANSWER}
     */
    public boolean awaitClosedInSilence() {
        return attempt("wait for the connection to be closed", () -> {
            try {
                return in.read() < 0;
            } catch (EOFException | SocketException e) {
                return true;
            }
        });
    }

    /** Closes the sending half: the peer reads an end of stream and may still answer. */
    public void closeOutput() {
        attempt("close the sending half", () -> {
            socket.shutdownOutput();
            return socket;
        });
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("connection cannot be closed", e);
        }
    }

    private static Socket connect(String address) throws IOException {
        String first = address.split(",", 2)[0];
        Socket socket = new Socket();
        try {
            int port = Integer.parseInt(first.substring(first.lastIndexOf(':') + 1));
            socket.connect(new InetSocketAddress(host(address), port), Math.toIntExact(Patience.ANSWER.toMillis()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static String host(String address) {
        return address.substring(0, address.indexOf(':'));
    }

    private static <T> T attempt(String what, Step<T> step) {
        try {
            return step.run();
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(what + ": nothing came within " + Patience.ANSWER, e);
        } catch (IOException e) {
            throw new UncheckedIOException(what + ": " + e, e);
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }
}
