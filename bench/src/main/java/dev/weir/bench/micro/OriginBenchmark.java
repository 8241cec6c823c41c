package dev.weir.bench.micro;

import dev.weir.mesh.origin.OriginSigner;
import dev.weir.mesh.origin.OriginVerifier;
import dev.weir.mesh.origin.RecordOrigin;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Signing the origin of one record of 1,000 bytes, and verifying it: what each record costs the batch workers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OriginBenchmark {
    private static final int RECORD_BYTES = 1_000;

    private final KeyPair keys = keys();
    private final OriginSigner signer = new OriginSigner(keys.getPrivate());
    private final OriginVerifier verifier = new OriginVerifier(List.of(keys.getPublic()));
    private final RecordOrigin origin = new RecordOrigin(
            "cluster", new UUID(1, 2), 0, 3, null, ByteBuffer.wrap(new byte[RECORD_BYTES]), "checkout");
    private final byte[] signature = signer.sign(origin);

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    @Benchmark
    public byte[] sign() {
        return signer.sign(origin);
    }

    @Benchmark
    public OriginVerifier.Verdict verify() {
        return verifier.verify(origin, signature);
    }
}
