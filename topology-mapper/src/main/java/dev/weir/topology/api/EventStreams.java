package dev.weir.topology.api;

import dev.weir.topology.view.Freshness;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those who listen at {@code /events} (server-sent events): {@code change} with {@code {"at"}} at most once a second,
 * and {@code status} with the freshness when its state changes and as a heartbeat. A reader that does not take what it
 * gets is dropped. Driven by one timer; told of changes on any thread.
 */
final class EventStreams implements AutoCloseable {
    static final int STREAMS_MAX = 256;
    private static final long TICK_MILLIS = 1_000;
    private static final int HEARTBEAT_TICKS = 10;
    private static final int QUEUE_BYTES_MAX = 16_384;

    private final Vertx vertx;
    private final Supplier<Freshness> freshness;
    private final Set<HttpServerResponse> streams = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean changed = new AtomicBoolean();
    private final long timer;
    private int ticks;
    private Freshness.@Nullable State state;

    EventStreams(Vertx vertx, Supplier<Freshness> freshness) {
        this.vertx = vertx;
        this.freshness = freshness;
        this.timer = vertx.setPeriodic(TICK_MILLIS, id -> tick());
    }

    /** Something is different now. */
    void changed() {
        changed.set(true);
    }

    int size() {
        return streams.size();
    }

    /** Takes a reader; whether there was room for it. */
    boolean add(HttpServerResponse response) {
        if (streams.size() >= STREAMS_MAX) {
            return false;
        }
        response.setChunked(true).setWriteQueueMaxSize(QUEUE_BYTES_MAX).putHeader("Content-Type", "text/event-stream");
        response.closeHandler(gone -> streams.remove(response)).exceptionHandler(gone -> streams.remove(response));
        streams.add(response);
        // What it is told here may be news to the others, and old at the next tick: then all are told.
        state = null;
        response.write("retry: 2000\n\n" + event("status", freshness.get()) + change());
        return true;
    }

    /** Sends a reader away; it may come again. */
    void end(HttpServerResponse response) {
        if (streams.remove(response) && !response.ended() && !response.closed()) {
            response.end();
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        List.copyOf(streams).forEach(HttpServerResponse::end);
        streams.clear();
    }

    private void tick() {
        boolean happened = changed.getAndSet(false);
        boolean heartbeat = ++ticks % HEARTBEAT_TICKS == 0;
        if (streams.isEmpty()) {
            return;
        }
        Freshness now = freshness.get();
        List<String> messages = new ArrayList<>();
        if (now.state() != state || heartbeat) {
            state = now.state();
            messages.add(event("status", now));
        }
        if (happened) {
            messages.add(change());
        }
        if (!messages.isEmpty()) {
            String message = String.join("", messages);
            streams.forEach(stream -> write(stream, message));
        }
    }

    private void write(HttpServerResponse stream, String message) {
        if (stream.closed() || stream.ended() || stream.writeQueueFull()) {
            streams.remove(stream);
            if (!stream.closed()) {
                stream.reset();
            }
        } else {
            stream.write(message);
        }
    }

    private static String change() {
        return "event: change\ndata: {\"at\":" + System.currentTimeMillis() + "}\n\n";
    }

    private static String event(String name, Object data) {
        return "event: " + name + "\ndata: " + new String(Json.bytes(data), StandardCharsets.UTF_8) + "\n\n";
    }
}
