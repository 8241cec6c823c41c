package dev.weir.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schema.Reason;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.schema.registry.SchemaDemand.Level;
import dev.weir.schema.registry.SubjectNaming.Strategy;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.registry.FakeRegistry;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry's cache in front of a server that behaves, and misbehaves as it is told. One of each for each test. */
abstract class RegistryUnderTest {
    static final String LINE = """
            {"type": "record", "name": "Line", "namespace": "shop", "fields": [{"name": "sku", "type": "string"}]}""";
    static final String ORDER = """
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [{"name": "line", "type": "shop.Line"}]}""";
    static final Reading AVRO = Reading.of(Framing.CONFLUENT_PREFIX);
    static final SchemaDemand ID = new SchemaDemand(Strategy.TOPIC, Level.ID, AVRO);
    static final SchemaDemand PAYLOAD = new SchemaDemand(Strategy.TOPIC, Level.PAYLOAD, AVRO);
    /** The sku "a". */
    static final byte[] GOOD = {2, 'a'};

    @TempDir
    Path dir;

    final FakeRegistry fake = FakeRegistry.start();
    /** Stands still until a test says that time passes. */
    final AtomicLong nowNanos = new AtomicLong(1);

    final SchemaRegistry registry = registry(30_000);

    final SchemaRegistry registry(int timeoutMillis) {
        return registry(timeoutMillis, 1 << 20);
    }

    final SchemaRegistry registry(int timeoutMillis, long schemaBytesMax) {
        HttpClient http = HttpClient.newHttpClient();
        return new SchemaRegistry(
                new RegistrySettings("main", fake.url(), timeoutMillis, 64 << 10, 2, 100, schemaBytesMax, 10_000),
                new RegistryAccess(() -> http, () -> Optional.of(RegistryAccess.basic("weir", "secret"))),
                nowNanos::get);
    }

    final void pass(Duration time) {
        nowNanos.addAndGet(time.toNanos());
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    final Lookup find(SchemaRef ref, SchemaDemand demand) {
        return find(registry, ref, demand);
    }

    static Lookup find(SchemaRegistry registry, SchemaRef ref, SchemaDemand demand) {
        return done(registry.find(ref, demand, "orders", false));
    }

    static Lookup done(CompletableFuture<Lookup> asked) {
        Patience.awaitAnswer().until(asked::isDone);
        return asked.join();
    }

    static void assertReads(Lookup lookup, byte... payload) {
        assertThat(lookup)
                .isInstanceOfSatisfying(
                        Lookup.Found.class,
                        found -> assertThat(found.validator().check(payload, 0, payload.length))
                                .isNull());
    }

    static void assertRefused(Lookup lookup, Reason reason, String... words) {
        assertThat(lookup).isInstanceOfSatisfying(Lookup.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            for (String word : words) {
                assertThat(refused.found() + ", expected " + refused.expected()).contains(word);
            }
        });
    }

    static void assertDown(Lookup lookup, String words) {
        assertThat(lookup)
                .isInstanceOfSatisfying(
                        Lookup.Down.class, down -> assertThat(down.why()).contains("registry main: ", words));
    }
}
