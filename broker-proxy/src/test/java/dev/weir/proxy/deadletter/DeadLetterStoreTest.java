package dev.weir.proxy.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.net.UnusedPorts;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterStoreTest {
    private static final DeadLetters LETTERS =
            new DeadLetters("bad", List.of(new ProducerRecord<>("bad", new byte[1])), 100);

    private static Keeping keep(DeadLetterStore store) throws Exception {
        assertThat(store.reserve(LETTERS.reservedBytes())).isTrue();
        return store.keep(LETTERS).toCompletableFuture().get(Patience.ANSWER.toSeconds(), TimeUnit.SECONDS);
    }

    private static ClusterConfig nobodyThere() {
        return new ClusterConfig("main", List.of(new Endpoint("127.0.0.1", UnusedPorts.one())), null, null);
    }

    @Test
    void whatWaitsIsBoundedAndALargeBatchGoesAlone() throws Exception {
        try (DeadLetterStore store = new DeadLetterStore(nobodyThere(), topic -> true, () -> {})) {
            assertThat(store.reserve(DeadLetterStore.BYTES_MAX * 2)).isTrue();
            assertThat(store.reserve(1)).isFalse();
            store.release(DeadLetterStore.BYTES_MAX * 2);
            assertThat(store.reserve(1)).isTrue();
            assertThat(store.reserve(DeadLetterStore.BYTES_MAX)).isFalse();
        }
    }

    @Test
    void aTopicThatIsNotKnownIsAskedForAndNotWaitedFor() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (DeadLetterStore store = new DeadLetterStore(nobodyThere(), topic -> false, asked::incrementAndGet)) {
            assertThat(keep(store))
                    .isEqualTo(
                            new Keeping.Failed(false, "topic bad does not exist, or Weir's own user may not see it"));
            assertThat(asked).hasValue(1);
            assertThat(store.reserve(DeadLetterStore.BYTES_MAX))
                    .as("all is given back")
                    .isTrue();
        }
    }

    @Test
    void brokersThatAreDownAndAStoreThatIsClosedAreFailures() throws Exception {
        DeadLetterStore store = new DeadLetterStore(nobodyThere(), topic -> true, () -> {});
        try (store) {
            assertThat(keep(store)).isEqualTo(new Keeping.Failed(false, "Kafka did not take it in time"));
            assertThat(store.reserve(DeadLetterStore.BYTES_MAX))
                    .as("all is given back")
                    .isTrue();
            store.release(DeadLetterStore.BYTES_MAX);
        }
        assertThat(keep(store)).isEqualTo(new Keeping.Failed(false, "Weir is stopping"));
        store.close();
    }
}
