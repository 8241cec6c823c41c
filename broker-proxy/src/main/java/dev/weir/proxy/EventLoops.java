package dev.weir.proxy;

import dev.weir.proxy.connection.ConnectionStatus;
import dev.weir.proxy.connection.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** The event loops of a proxy's data path, one per processor. Any thread: each loop is asked and told on its own. */
final class EventLoops {
    private final List<EventLoop> loops;

    private EventLoops(List<EventLoop> loops) {
        this.loops = List.copyOf(loops);
    }

    /** @param loop makes the one that runs in a context */
    static EventLoops start(Vertx vertx, Function<Context, EventLoop> loop) {
        return new EventLoops(Stream.generate(((VertxInternal) vertx)::createEventLoopContext)
                .limit(Runtime.getRuntime().availableProcessors())
                .map(loop)
                .toList());
    }

    List<EventLoop> all() {
        return loops;
    }

    /** As {@link WeirProxy#connections}. */
    Future<List<ConnectionStatus>> connections(long after, int limit) {
        return ask(loop -> loop.connections(after, limit))
                .map(lists -> lists.stream()
                        .flatMap(List::stream)
                        .sorted(Comparator.comparingLong(ConnectionStatus::id))
                        .limit(limit)
                        .toList());
    }

    /** The connection with this id, if it is open. */
    Future<Optional<ConnectionStatus>> connection(long id) {
        return ask(loop -> loop.connection(id))
                .map(found -> found.stream().flatMap(Optional::stream).findFirst());
    }

    /** Lets every connection end after its last answer. */
    void drain() {
        tell(EventLoop::drain);
    }

    /** Ends every connection now. */
    void closeAll() {
        tell(EventLoop::closeAll);
    }

    /** Completes when each loop has done what it was told before. */
    Future<Void> settled() {
        return ask(loop -> Optional.empty()).mapEmpty();
    }

    private void tell(Consumer<EventLoop> what) {
        loops.forEach(loop -> loop.context().runOnContext(now -> what.accept(loop)));
    }

    private <T> Future<List<T>> ask(Function<EventLoop, T> question) {
        List<Future<T>> asked = new ArrayList<>();
        for (EventLoop loop : loops) {
            Promise<T> promise = Promise.promise();
            loop.context().runOnContext(now -> promise.complete(question.apply(loop)));
            asked.add(promise.future());
        }
        return Future.join(asked).map(done -> done.list());
    }
}
