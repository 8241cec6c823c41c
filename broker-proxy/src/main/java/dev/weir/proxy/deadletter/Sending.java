package dev.weir.proxy.deadletter;

import dev.weir.proxy.deadletter.Keeping.Place;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.jspecify.annotations.Nullable;

/** The letters of one batch between the first that is sent and the last that is answered. Any thread. */
final class Sending {
    private static final int NOT_KNOWN = -1;

    private final Place[] places;
    private final Consumer<Exception> onFailure;
    private final CompletableFuture<Keeping> kept;
    private int answered;
    private int sent = NOT_KNOWN;
    private @Nullable Exception failure;

    /** @param onFailure told of the first failure */
    Sending(int letters, Consumer<Exception> onFailure, CompletableFuture<Keeping> kept) {
        this.places = new Place[letters];
        this.onFailure = onFailure;
        this.kept = kept;
    }

    Callback callback(int index) {
        return (metadata, failed) -> {
            synchronized (this) {
                answered++;
                if (failed != null) {
                    fail(failed);
                } else {
                    places[index] = new Place(metadata.partition(), metadata.offset());
                }
            }
            completeIfDone();
        };
    }

    synchronized boolean hasFailed() {
        return failure != null;
    }

    /** So many were sent; no more will be. */
    void sent(int letters) {
        synchronized (this) {
            sent = letters;
        }
        completeIfDone();
    }

    /** No more can be sent; nobody waits for those that were. */
    void cannotBeSent(Exception cause) {
        synchronized (this) {
            fail(cause);
            sent = answered;
        }
        completeIfDone();
    }

    private synchronized void fail(Exception cause) {
        if (failure == null) {
            failure = cause;
            onFailure.accept(cause);
        }
    }

    private void completeIfDone() {
        Keeping outcome;
        synchronized (this) {
            if (sent == NOT_KNOWN || answered < sent) {
                return;
            }
            Exception cause = failure;
            if (cause == null) {
                outcome = new Keeping.Kept(Arrays.asList(places));
            } else {
                StoreFailure kind = StoreFailure.of(cause);
                outcome = new Keeping.Failed(kind.isForGood(), kind.words());
            }
        }
        kept.complete(outcome);
    }
}
