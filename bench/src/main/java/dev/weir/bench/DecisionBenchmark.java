package dev.weir.bench;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a decision costs with many rules. The worst case is that all of them are one Service's: the rules of other
 * Services cost it nothing. Names are new strings each time, as the proxy makes them, so that hashing them counts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecisionBenchmark {
    private static final int TOPICS = 5_000;

    private static final int RULES_PER_FILE = 5_000;
    private static final String HEADER = "apiVersion: weir.dev/v1\nkind: %s\nmetadata: {name: %s}\n";

    @Param({"100", "100000"})
    int rules;

    private CompiledSnapshot snapshot = CompiledSnapshot.denyAll();
    private Subject subject = Subject.anonymous(false, InetAddress.getLoopbackAddress());
    private Authorizer authorizer = snapshot.authorizer(subject, "");
    private final List<byte[]> topics = new ArrayList<>();
    private int next;

    /** Half of the rules are for literals, half for prefixes; one in ten denies. */
    @Setup
    public void compile() {
        List<PolicyFile> files = new ArrayList<>();
        files.add(file("service.yaml", HEADER.formatted("Service", "app") + "spec: {identities: [{sasl: app}]}\n"));
        for (int first = 0; first < rules; first += RULES_PER_FILE) {
            StringBuilder yaml = new StringBuilder(HEADER.formatted("TopicAccess", "d" + first));
            yaml.append("spec:\n  topics: [\"*\"]\n  rules:\n");
            for (int rule = first; rule < Math.min(rules, first + RULES_PER_FILE); rule++) {
                String pattern = "team-" + rule % 997 + ".topic-" + rule + (rule % 2 == 0 ? "" : ".*");
                yaml.append("    - {id: r%d, %s: [consume], services: [app], topics: [\"%s\"]}%n"
                        .formatted(rule, rule % 10 == 0 ? "deny" : "allow", pattern));
            }
            files.add(file("d" + first + ".yaml", yaml.toString()));
        }
        Parsed parsed = PolicyParser.parse(files);
        if (!parsed.isGood()) {
            throw new IllegalStateException(parsed.problems().get(0).toString());
        }
        snapshot = CompiledSnapshot.compile(parsed.policy(), "bench", Instant.now());
        subject = Subject.sasl("app", Mechanism.PLAIN, true, InetAddress.getLoopbackAddress());
        authorizer = snapshot.authorizer(subject, "");
        for (int topic = 0; topic < TOPICS; topic++) {
            int rule = (int) ((long) topic * 7_919 % (2L * rules));
            topics.add(("team-" + rule % 997 + ".topic-" + rule + ".part").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static PolicyFile file(String path, String text) {
        return new PolicyFile(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** One decision on one name. */
    @Benchmark
    public Decision decide() {
        next = next + 1 == TOPICS ? 0 : next + 1;
        String topic = new String(topics.get(next), StandardCharsets.UTF_8);
        return authorizer.decide(ResourceType.TOPIC, topic, Operation.READ);
    }

    /** A Metadata answer with all topics of the cluster. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public void filterMetadata(Blackhole hole) {
        for (byte[] topic : topics) {
            String name = new String(topic, StandardCharsets.UTF_8);
            hole.consume(authorizer.decide(ResourceType.TOPIC, name, Operation.DESCRIBE));
        }
    }

    /** A new connection, or a new snapshot on one that is open. */
    @Benchmark
    public Authorizer authorizer() {
        return snapshot.authorizer(subject, "app-1");
    }
}
