package dev.weir.bench.micro;

import dev.weir.bench.policy.GeneratedPolicy;
import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.ResourceType;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One decision, among rules that are all about the Service that asks: those of other Services cost it nothing. Names are
 * new strings each time, as the proxy makes them, so that hashing them counts. Goal: below 1,000 ns.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionBenchmark {
    private static final int NAMES = 1024;

    @Param({"100", "100000"})
    private int rules;

    private final byte[][] literals = new byte[NAMES][];
    private final byte[][] prefixed = new byte[NAMES][];
    private final byte[][] denied = new byte[NAMES][];
    private final byte[][] unknown = new byte[NAMES][];
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
            literals[i] = utf8("team-" + (n + 2) + ".orders");
            prefixed[i] = utf8("team-" + (n + 1) + ".refunds.by-day");
            denied[i] = utf8("team-" + n + ".orders");
            unknown[i] = utf8("team-" + n + ".nobody-wrote-a-rule");
        }
        expect(literals, true);
        expect(prefixed, true);
        expect(denied, false);
        expect(unknown, false);
    }

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private void expect(byte[][] names, boolean allowed) {
        for (byte[] name : names) {
            if (decide(name).allowed() != allowed) {
                throw new IllegalStateException(
                        new String(name, StandardCharsets.UTF_8) + " is to be " + (allowed ? "allowed" : "denied"));
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

    private Decision decide(byte[] topic) {
        return authorizer.decide(ResourceType.TOPIC, new String(topic, StandardCharsets.UTF_8), Operation.READ);
    }
}
