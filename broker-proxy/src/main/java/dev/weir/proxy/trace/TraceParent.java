package dev.weir.proxy.trace;

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
    private static final int LENGTH = FLAGS_AT + 2;

    /** Reads the value of the header; {@code null} for what is none. A version later than 0 may be longer. */
    public static @Nullable TraceParent parse(byte[] value) {
        if (value.length < LENGTH || value.length > 4 * LENGTH) {
            return null;
        }
        String text = new String(value, StandardCharsets.US_ASCII);
        String version = text.substring(0, 2);
        boolean dashes =
                text.charAt(2) == '-' && text.charAt(SPAN_ID_AT - 1) == '-' && text.charAt(FLAGS_AT - 1) == '-';
        boolean length = version.equals("00") ? text.length() == LENGTH : isEndOfFlags(text);
        if (!dashes || !length || !isHex(version) || version.equals("ff")) {
            return null;
        }
        String traceId = text.substring(TRACE_ID_AT, SPAN_ID_AT - 1);
        String spanId = text.substring(SPAN_ID_AT, FLAGS_AT - 1);
        String flags = text.substring(FLAGS_AT, LENGTH);
        if (!isId(traceId) || !isId(spanId) || !isHex(flags)) {
            return null;
        }
        return new TraceParent(traceId, spanId, (Integer.parseInt(flags, 16) & 1) != 0);
    }

    private static boolean isEndOfFlags(String text) {
        return text.length() == LENGTH || text.charAt(LENGTH) == '-';
    }

    private static boolean isId(String text) {
        return isHex(text) && text.chars().anyMatch(digit -> digit != '0');
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(digit -> (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'));
    }
}
