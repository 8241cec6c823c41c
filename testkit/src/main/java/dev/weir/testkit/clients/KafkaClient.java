package dev.weir.testkit.clients;

import dev.weir.testkit.await.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An unmodified client library, run in a process of its own. Immutable; every call starts a new process. */
public sealed interface KafkaClient permits JavaClient, KcatClient, NewerLibrdkafka, ScriptClient {

    /** How long a client itself tries; the process is given {@link Patience#SETTLED}, so that it can say why it gave up. */
    Duration GIVES_UP_AFTER = Patience.SETTLED.dividedBy(4);

    /** Every client there is, for {@code @MethodSource}. */
    static List<KafkaClient> all() {
        List<KafkaClient> clients = new ArrayList<>();
        JavaClient.VERSIONS.forEach(version -> clients.add(new JavaClient(version, Map.of())));
        clients.add(new KcatClient());
        clients.addAll(List.of(ScriptClient.values()));
        return clients;
    }

    /** Library and version. */
    String name();

    /** Starts the client. {@link RunningClient#close} ends it where the test does not wait for its end. */
    default RunningClient start(ClientTask task, ClientAccess access) {
        return start(task, access, Map.of());
    }

    /** As above, with variables beside those of this process's environment. */
    RunningClient start(ClientTask task, ClientAccess access, Map<String, String> environment);

    /** Lets the client do its task to the end, whether that succeeds or not. */
    default ClientReport run(ClientTask task, ClientAccess access) {
        try (RunningClient running = start(task, access)) {
            return running.awaitEnd();
        }
    }
}
