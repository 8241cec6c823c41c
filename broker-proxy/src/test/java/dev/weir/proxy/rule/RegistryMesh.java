package dev.weir.proxy.rule;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.testkit.registry.Apicurio;
import java.nio.file.Path;
import java.util.Map;

/** A real registry, {@code apicurio}, and Weir with schemas from there in front of a broker. */
record RegistryMesh(Apicurio registry, EmbeddedKafka kafka, ProxyFixture weir) implements AutoCloseable {

    /** @param rules as for {@link GuardPolicy#with(String, Map)} */
    static RegistryMesh start(String rules) {
        Apicurio registry = Apicurio.start(Path.of("target/apicurio"));
        EmbeddedKafka kafka = EmbeddedKafka.start();
        ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(GuardPolicy.with(rules, Map.of()))
                .registries(new SchemaRegistryConfig("apicurio", registry.url(), null, null, null, null, null, 20_000))
                .listener("open", null, null)
                .start();
        return new RegistryMesh(registry, kafka, weir);
    }

    @Override
    public void close() {
        weir.close();
        kafka.close();
        registry.close();
    }
}
