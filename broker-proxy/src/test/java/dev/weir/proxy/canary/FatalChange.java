package dev.weir.proxy.canary;

import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.await.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A change of weight in which a proxy is killed. The proxy stands still before the change begins, so it never answers it, and is killed before it can
 * end: both is done by the controller's own thread, which writes nothing meanwhile.
 */
final class FatalChange {
    private final Weight weight;
    private final LedgerProxy proxy;
    private final EmbeddedKafka kafka;
    private final CompletableFuture<Killed> killed = new CompletableFuture<>();
    /** Of the controller's thread. */
    private boolean stopped;

    /**
     * What there was when the proxy was dead.
     *
     * @param change that has begun
     * @param log of changes
     */
    record Killed(ChangeEvent.Prepared change, ChangeRecords log) {}

    FatalChange(Weight weight, LedgerProxy proxy, EmbeddedKafka kafka) {
        this.weight = weight;
        this.proxy = proxy;
        this.kafka = kafka;
    }

    /**
     * What the controller is to want in the step that it begins now. It begins a change in the same step, or not at all, where it has not heard some
     * proxy of late: then the one that stood still goes on for a step, so that it is heard.
     *
     * @param before what holds
     */
    Weight wanted(Weight before) {
        if (killed.isDone()) {
            return weight;
        }
        try {
            stopped = !stopped;
            if (stopped) {
                proxy.stop();
                return weight;
            }
            proxy.goOn();
            return before;
        } catch (IOException e) {
            throw failed(new UncheckedIOException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(new IllegalStateException(e));
        }
    }

    /** The controller has written this, and writes nothing more until this returns. */
    void written(ChangeEvent event) {
        if (event instanceof ChangeEvent.Prepared prepared && prepared.weight().equals(weight) && !killed.isDone()) {
            try {
                proxy.crash();
                killed.complete(new Killed(prepared, ChangeRecords.of(kafka)));
            } catch (IOException e) {
                throw failed(new UncheckedIOException(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failed(new IllegalStateException(e));
            }
        }
    }

    private RuntimeException failed(RuntimeException cause) {
        killed.completeExceptionally(cause);
        return cause;
    }

    /** Until the proxy is dead. */
    Killed awaitKilled() throws Exception {
        return killed.get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS);
    }
}
