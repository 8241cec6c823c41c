package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientReport;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.ClientTask.Write.Message;
import dev.weir.testkit.clients.JavaClient;
import dev.weir.testkit.clients.KafkaClient;
import dev.weir.testkit.clients.KcatClient;
import dev.weir.testkit.clients.NewerLibrdkafka;
import dev.weir.testkit.clients.ScriptClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Producers of other languages and ages that write good, bad and good in one process, with each compression. The oracle is the same client at a
 * broker that refuses itself: it takes no record without a key into a compacted topic.
 */
final class OtherProducers {
    private OtherProducers() {}

    static List<KafkaClient> all() {
        List<KafkaClient> clients = new ArrayList<>(List.of(ScriptClient.values()));
        clients.add(new NewerLibrdkafka(ScriptClient.CONFLUENT_PYTHON));
        clients.add(new KcatClient());
        clients.add(new JavaClient("2.8.2", Map.of()));
        return clients;
    }

    /** Through Weir, the same is said of the same records, and all that is good is there. */
    static void assertGoesOn(
            KafkaClient client, EmbeddedKafka kafka, String guarded, String topic, byte[] good, byte[] bad)
            throws Exception {
        String compacted = "compacted-" + topic;
        kafka.createTopic(compacted, 1, Map.of("cleanup.policy", "compact"));
        List<String> compressions = compressions(client);
        ClientReport oracle = client.run(
                new ClientTask.Write(
                        compacted,
                        List.of(Message.of(good, good), Message.of(null, good), Message.of(good, good)),
                        compressions),
                ClientAccess.plaintext(kafka.bootstrap()));
        ClientReport report = client.run(
                new ClientTask.Write(
                        topic,
                        List.of(Message.of(good, good), Message.of(good, bad), Message.of(good, good)),
                        compressions),
                ClientAccess.plaintext(guarded));

        assertThat(oracle.errorCodes()).containsExactly(refusal(client));
        assertThat(oracle.errors()).hasSize(compressions.size());
        assertThat(report.errors())
                .extracting(ClientReport.Failure::code)
                .isEqualTo(
                        oracle.errors().stream().map(ClientReport.Failure::code).toList());
        assertThat(report.acked()).isEqualTo(oracle.acked());
        assertThat(report.done()).isEqualTo(oracle.done());
        long taken = 2L * compressions.size();
        assertThat(Guarded.end(kafka, compacted, 0)).isEqualTo(taken);
        assertThat(Guarded.end(kafka, topic, 0)).isEqualTo(taken);
        assertThat(Guarded.read(kafka, topic, 0, (int) taken))
                .extracting(ConsumerRecord::value)
                .containsOnly(good);
    }

    /** Those that it has as it is installed. */
    private static List<String> compressions(KafkaClient client) {
        if (client instanceof KcatClient) {
            return List.of("gzip");
        } else if (client instanceof NewerLibrdkafka || client == ScriptClient.PLATFORMATIC) {
            return List.of("none", "gzip", "snappy", "lz4");
        }
        return client == ScriptClient.CONFLUENT_PYTHON
                ? List.of("none", "gzip", "snappy", "lz4", "zstd")
                : List.of("none", "gzip");
    }

    private static String refusal(KafkaClient client) {
        if (client == ScriptClient.KAFKA_PYTHON) {
            return "UNKNOWN"; // it is older than the error
        }
        if (client instanceof KcatClient) {
            return "BROKER_FAILED_TO_VALIDATE_RECORD"; // it says so in words
        }
        // platformatic puts the message of the record before the error
        return client == ScriptClient.PLATFORMATIC ? "UNKNOWN_SERVER_ERROR" : "INVALID_RECORD";
    }
}
