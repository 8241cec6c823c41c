package dev.weir.testkit.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A Python or JavaScript library, in a small program of {@code testkit/src/test-clients}. */
public enum ScriptClient implements KafkaClient {
    /** librdkafka by confluent-kafka, as Debian packages it. */
    CONFLUENT_PYTHON("/usr/bin/python3", "python/confluent_kafka_probe.py", "python"),
    /** kafka-python, as Debian packages it; it knows neither idempotence nor transactions. */
    KAFKA_PYTHON("/usr/bin/python3", "python/kafka_python_probe.py", "python"),
    KAFKAJS("node", "js/kafkajs_probe.mjs", "js/node_modules/kafkajs"),
    PLATFORMATIC("node", "js/platformatic_probe.mjs", "js/node_modules/@platformatic/kafka");

    private final String interpreter;
    private final String script;
    private final String needs;

    ScriptClient(String interpreter, String script, String needs) {
        this.interpreter = interpreter;
        this.script = script;
        this.needs = needs;
    }

    @Override
    public RunningClient start(ClientTask task, ClientAccess access, Map<String, String> environment) {
        String howToGetIt = "run testkit/install-test-tools.sh";
        TestkitHome.existing("src/test-clients/" + needs, howToGetIt);
        List<String> command = new ArrayList<>(List.of(
                interpreter,
                TestkitHome.existing("src/test-clients/" + script, howToGetIt).toString(),
                "timeout.millis=" + GIVES_UP_AFTER.toMillis()));
        task.arguments().forEach((name, value) -> command.add(name + "=" + value));
        access.neutralArguments().forEach((name, value) -> command.add(name + "=" + value));
        return new RunningClient(
                ClientProcess.start(command, environment, ""),
                (process, endedWell) -> ClientReport.parse(process.out()));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
