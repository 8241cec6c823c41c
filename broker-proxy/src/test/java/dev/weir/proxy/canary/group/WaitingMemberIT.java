package dev.weir.proxy.canary.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.testkit.await.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of a canary that may not begin: no controller has seeded it. */
class WaitingMemberIT {
    /** Log-in, metadata, the coordinator and the like. */
    private static final int OTHERS_MAX = 24;

    private static final int ASKED = 8;

    /** Left to itself, Java's consumer of KIP-848 asks some ten thousand times a second. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void askAgainNowAndThen(String protocol) {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(1).start()) {
            kafka.createTopic("orders", 1);
            try (ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                            .policy(SharedGroup.policy())
                            .start();
                    KafkaConsumer<String, String> canary = new KafkaConsumer<>(
                            Map.of(
                                    "bootstrap.servers",
                                    weir.bootstrap(),
                                    "client.id",
                                    SharedGroup.CANARY,
                                    "group.id",
                                    "g",
                                    "group.protocol",
                                    protocol),
                            new StringDeserializer(),
                            new StringDeserializer())) {
                ListenerMetrics listener =
                        weir.metrics().listener(weir.proxy().listeners().get(0).name());
                canary.subscribe(List.of("orders"));
                long beginNanos = System.nanoTime();
                Patience.awaitSettled().until(() -> {
                    canary.poll(Duration.ofMillis(50));
                    return listener.requests() >= OTHERS_MAX + ASKED;
                });
                assertThat(canary.assignment()).isEmpty();
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos))
                        .as("it is quiet between two requests")
                        .isGreaterThanOrEqualTo((ASKED - 1) * (long) Admission.AGAIN_MILLIS);
            }
        }
    }
}
