package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first client's event loop would have to load, and is loaded before that client comes. In a JVM of its own. */
class FirstClientIT {
    /** Each of these comes with a hundred others, and is loaded by whoever loads them. */
    private static final List<String> NEEDED = List.of(
            // what Netty asks while it makes its first TLS context
            "io.netty.handler.ssl.util.BouncyCastleUtil",
            // what an event of the audit is compared by
            "com.google.protobuf.DescriptorProtos$FileDescriptorProto");

    @TempDir
    private Path dir;

    @Test
    void itsEventLoopDoesNotLoadWhatTlsAndTheAuditAreMadeOf() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FreshProxy.class.getName(),
                dir.toString()));
        command.addAll(NEEDED);
        try (ClientProcess fresh = ClientProcess.start(command, "")) {
            assertThat(fresh.awaitExit(Patience.SETTLED)).as(fresh.toString()).isZero();
            assertThat(fresh.out()).contains(FreshProxy.ALL_LOADED);
        }
    }
}
