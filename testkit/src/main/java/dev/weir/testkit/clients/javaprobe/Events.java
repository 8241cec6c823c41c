package dev.weir.testkit.clients.javaprobe;

import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** One JSON object per line, printed at once. */
final class Events {

    private final PrintStream out;

    Events(PrintStream out) {
        this.out = out;
    }

    void acked(int partition, long offset) {
        print("{\"event\":\"acked\",\"partition\":" + partition + ",\"offset\":" + offset + "}");
    }

    void received(int partition, long offset, @Nullable String key, @Nullable String value) {
        print("{\"event\":\"record\",\"partition\":" + partition + ",\"offset\":" + offset + ",\"key\":" + quoted(key)
                + ",\"value\":" + quoted(value) + "}");
    }

    void topic(String name) {
        print("{\"event\":\"topic\",\"name\":" + quoted(name) + "}");
    }

    void group(String name) {
        print("{\"event\":\"group\",\"name\":" + quoted(name) + "}");
    }

    void done() {
        print("{\"event\":\"done\"}");
    }

    /** Names the innermost error that Kafka's protocol knows; authentication errors are thrown inside others. */
    void failed(Throwable thrown) {
        Throwable cause =
                thrown instanceof ExecutionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        Errors known = Errors.UNKNOWN_SERVER_ERROR;
        for (Throwable t = cause; t != null && known == Errors.UNKNOWN_SERVER_ERROR; t = t.getCause()) {
            known = Errors.forException(t);
        }
        String code = known == Errors.UNKNOWN_SERVER_ERROR ? cause.getClass().getSimpleName() : known.name();
        failed(code, String.valueOf(cause.getMessage()));
    }

    void failed(String code, String message) {
        print("{\"event\":\"error\",\"code\":" + quoted(code) + ",\"message\":" + quoted(message) + "}");
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }

    private static String quoted(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
