package dev.weir.bench.micro;

import dev.weir.bench.policy.GeneratedPolicy;
import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.ResourceType;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One decision, among rules that are all about the Service that asks. Target: below 1,000 ns. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionBenchmark {
    private static final int NAMES = 1024;

    @Param("100000")
    private int rules;

    private final String[] literals = new String[NAMES];
    private final String[] prefixed = new String[NAMES];
    private final String[] denied = new String[NAMES];
    private final String[] unknown = new String[NAMES];
    private final Subject subject = Subject.anonymous(false, InetAddress.getLoopbackAddress());
    private PolicySnapshot snapshot = GeneratedPolicy.compile(0);
    private Authorizer authorizer = snapshot.authorizer(subject, "");
    private int next;

    @Setup
    public void compile() {
        snapshot = GeneratedPolicy.compile(rules);
        authorizer = snapshot.authorizer(subject, "");
        for (int i = 0; i < NAMES; i++) {
            int n = (int) ((long) i * rules / NAMES) / 100 * 100;
            literals[i] = "team-" + (n + 2) + ".orders";
            prefixed[i] = "team-" + (n + 1) + ".refunds.by-day";
            denied[i] = "team-" + n + ".orders";
            unknown[i] = "team-" + n + ".nobody-wrote-a-rule";
        }
        expect(literals, true);
        expect(prefixed, true);
        expect(denied, false);
        expect(unknown, false);
    }

    private void expect(String[] names, boolean allowed) {
        for (String name : names) {
            if (decide(name).allowed() != allowed) {
                throw new IllegalStateException(name + " is to be " + (allowed ? "allowed" : "denied"));
            }
        }
    }

    @Benchmark
    public Decision allowedByName() {
        return decide(literals[next++ & (NAMES - 1)]);
    }

    @Benchmark
    public Decision allowedByPrefix() {
        return decide(prefixed[next++ & (NAMES - 1)]);
    }

    @Benchmark
    public Decision denied() {
        return decide(denied[next++ & (NAMES - 1)]);
    }

    @Benchmark
    public Decision inNoRule() {
        return decide(unknown[next++ & (NAMES - 1)]);
    }

    /** Once for each connection and revision. */
    @Benchmark
    public Authorizer authorizer() {
        return snapshot.authorizer(subject, "checkout-1");
    }

    private Decision decide(String topic) {
        return authorizer.decide(ResourceType.TOPIC, topic, Operation.READ);
    }
}
