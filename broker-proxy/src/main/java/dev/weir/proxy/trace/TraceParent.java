package dev.weir.proxy.trace;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A {@code traceparent} (W3C Trace Context, level 1).
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 of them, not all zero
 * @param sampled whether whoever began the trace records it
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {
    /** The name of the record header. */
    public static final String HEADER = "traceparent";

    private static final int TRACE_ID_AT = 3;
    private static final int SPAN_ID_AT = TRACE_ID_AT + 32 + 1;
    private static final int FLAGS_AT = SPAN_ID_AT + 16 + 1;
    /** How long it is in version 0. */
    public static final int LENGTH = FLAGS_AT + 2;

    private static final int LENGTH_MAX = 4 * LENGTH;

    /** Reads the value of the header; {@code null} for what is none. A version later than 0 may be longer. */
    public static @Nullable TraceParent parse(byte[] value) {
        if (!isValid(ByteBuffer.wrap(value), 0, value.length)) {
            return null;
        }
        String text = new String(value, 0, LENGTH, StandardCharsets.US_ASCII);
        return new TraceParent(
                text.substring(TRACE_ID_AT, SPAN_ID_AT - 1),
                text.substring(SPAN_ID_AT, FLAGS_AT - 1),
                (Integer.parseInt(text.substring(FLAGS_AT), 16) & 1) != 0);
    }

    /** Whether these bytes are the value of such a header. Allocates nothing. */
    public static boolean isValid(ByteBuffer in, int at, int lengthBytes) {
        if (lengthBytes < LENGTH || lengthBytes > LENGTH_MAX) {
            return false;
        }
        boolean versionZero = in.get(at) == '0' && in.get(at + 1) == '0';
        boolean versionForbidden = in.get(at) == 'f' && in.get(at + 1) == 'f';
        boolean ends = lengthBytes == LENGTH || (!versionZero && in.get(at + LENGTH) == '-');
        return ends
                && !versionForbidden
                && isHex(in, at, 2)
                && in.get(at + TRACE_ID_AT - 1) == '-'
                && isId(in, at + TRACE_ID_AT, SPAN_ID_AT - 1 - TRACE_ID_AT)
                && in.get(at + SPAN_ID_AT - 1) == '-'
                && isId(in, at + SPAN_ID_AT, FLAGS_AT - 1 - SPAN_ID_AT)
                && in.get(at + FLAGS_AT - 1) == '-'
                && isHex(in, at + FLAGS_AT, 2);
    }

    private static boolean isId(ByteBuffer in, int at, int digits) {
        for (int i = at; i < at + digits; i++) {
            if (in.get(i) != '0') {
                return isHex(in, at, digits);
            }
        }
        return false;
    }

    private static boolean isHex(ByteBuffer in, int at, int digits) {
        for (int i = at; i < at + digits; i++) {
            byte digit = in.get(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }
}
