package dev.weir.topology.api;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * What is sent for one request, made once for all that ask the same.
 *
 * @param cacheControl what a browser may do with it
 * @param gzip the body compressed; the body itself where that does not pay
 * @param etag of the content, with its quotes
 */
record Answer(int status, String contentType, String cacheControl, Buffer body, Buffer gzip, String etag) {
    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";
    /** May be kept, but has to be asked for each time; what has not changed costs a few bytes. */
    static final String REVALIDATE = "no-cache";

    static final String NEVER = "no-store";
    private static final int GZIP_BYTES_MIN = 1_024;
    private static final int ETAG_BYTES = 12;

    static Answer json(Object value) {
        return of(200, JSON, REVALIDATE, Json.bytes(value));
    }

    static Answer problem(Problem problem) {
        return of(problem.status(), PROBLEM, NEVER, Json.bytes(problem));
    }

    static Answer of(int status, String contentType, String cacheControl, byte[] bytes) {
        Buffer body = Buffer.buffer(bytes);
        return new Answer(
                status,
                contentType,
                cacheControl,
                body,
                bytes.length < GZIP_BYTES_MIN ? body : compressed(bytes),
                etag(bytes));
    }

    boolean isCompressed() {
        return gzip != body;
    }

    private static Buffer compressed(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4);
        try (GZIPOutputStream gzip = new FastGzip(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, ETAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Half the time of the default level for a tenth more bytes. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out, 16_384);
            def.setLevel(Deflater.BEST_SPEED + 1);
        }
    }
}
