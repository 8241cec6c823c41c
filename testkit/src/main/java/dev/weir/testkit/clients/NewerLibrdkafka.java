package dev.weir.testkit.clients;

import java.util.HashMap;
import java.util.Map;

/**
 * {@code kcat} or confluent-kafka as Debian packages it, with librdkafka 2.12 in place of Debian's 2.0: before 2.6.1 it sends a nonce
 * in SCRAM that it has put together wrongly, which Kafka refuses since it closed CVE-2024-56128.
 */
public record NewerLibrdkafka(KafkaClient client) implements KafkaClient {

    @Override
    public String name() {
        return client.name() + "-librdkafka-2.12";
    }

    @Override
    public RunningClient start(ClientTask task, ClientAccess access, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(
                "LD_LIBRARY_PATH",
                TestkitHome.existing("src/test-clients/librdkafka", "run testkit/install-test-tools.sh")
                        .toString());
        return client.start(task, access, all);
    }

    @Override
    public String toString() {
        return name();
    }
}
