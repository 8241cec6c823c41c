package dev.weir.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.proxy.config.CredentialStore;
import dev.weir.testkit.await.Patience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceCredentialsTest {
    private static final Map<String, String> STORED = Map.of("username", "payments", "password", "p");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void aBurstAsksOnce() {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        ServiceCredentials credentials = new ServiceCredentials(vertx, service -> {
            asked.incrementAndGet();
            awaited(answer);
            return Optional.of(STORED);
        });
        List<Future<Credential>> burst = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            burst.add(credentials.of(Optional.of("payments")));
        }
        Patience.awaitAnswer().until(() -> asked.get() == 1);
        assertThat(burst).noneMatch(Future::isComplete);
        answer.countDown();
        burst.forEach(one -> assertThat(one.await().sasl()).isNotNull());
        assertThat(asked).hasValue(1);
        credentials.of(Optional.of("payments")).await();
        assertThat(asked).as("it is kept for a while").hasValue(1);
        credentials.renewed(Optional.of("payments")).await();
        assertThat(asked).as("a broker has refused it").hasValue(2);
    }

    @Test
    void aStoreThatCannotBeAskedLeavesTheLastOneInForce() {
        AtomicInteger asked = new AtomicInteger();
        CredentialStore store = service -> {
            if (asked.incrementAndGet() > 1) {
                throw new IOException("nobody answers");
            }
            return Optional.of(STORED);
        };
        ServiceCredentials credentials = new ServiceCredentials(vertx, store);
        Credential first = credentials.of(Optional.of("payments")).await();
        assertThat(credentials.renewed(Optional.of("payments")).await()).isSameAs(first);
        assertThat(asked).hasValue(2);
        assertThatThrownBy(() -> credentials.of(Optional.of("shop")).await())
                .hasMessageContaining("credential of service shop cannot be read: nobody answers");
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
