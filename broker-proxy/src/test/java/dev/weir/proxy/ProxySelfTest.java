package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.listener.BoundListener;
import dev.weir.proxy.mirror.Amount;
import dev.weir.proxy.mirror.MirrorFlow;
import dev.weir.proxy.mirror.MirrorFlows;
import dev.weir.proxy.mirror.MirrorLedger;
import dev.weir.proxy.mirror.MirrorRoute;
import dev.weir.proxy.report.PolicyInForce;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All that a proxy says of itself is one record, which a broker has to take. */
class ProxySelfTest {

    private static ListenerConfig config(int number) {
        return new ListenerConfig(
                "listener-" + "l".repeat(200) + number,
                "main",
                new Endpoint("127.0.0.1", 9092),
                "127.0.0.1",
                new BrokerPorts(9093, 1, 9),
                null,
                null,
                ListenerLimits.DEFAULT);
    }

    private static MirrorFlow flow(int number) {
        Amount most = new Amount(1L << 60, 1L << 60);
        Amount all = new Amount(4L << 60, 4L << 60);
        return new MirrorFlow(
                new MirrorRoute("mirror", "main", "t".repeat(50) + number, "staging", "t".repeat(50) + number),
                new MirrorLedger(all, most, most, most, most, most),
                true,
                "\u20ac".repeat(10_000),
                Instant.ofEpochMilli(Long.MAX_VALUE));
    }

    @Test
    void theLargestReportIsOneThatABrokerTakes() {
        List<ListenerConfig> configs =
                IntStream.range(0, 2_000).mapToObj(ProxySelfTest::config).toList();
        ProxySelf self = new ProxySelf(configs, () -> Integer.MAX_VALUE);
        self.listensOn(() -> configs.stream()
                .map(config -> new BoundListener(
                        config.name(), "main", new Endpoint("h".repeat(200), 9092), Map.of(), List.of()))
                .toList());
        self.mirrors(() -> new MirrorFlows(
                IntStream.range(0, 2_000).mapToObj(ProxySelfTest::flow).toList(), List.of("staging")));
        try (LogCapture log = LogCapture.of(ProxySelf.class.getName())) {
            ProxyReport report = self.get().build();
            assertThat(report.getMirrorsCount()).isEqualTo(2_000);
            assertThat(report.getListenersCount()).isBetween(100, 200);
            assertThat(report.getUntoldMirrorClustersList()).containsExactly("staging");
            assertThat(report.getSerializedSize()).isLessThan(ProxySelf.BYTES_MAX);
            self.get();
            assertThat(log.events()).as("said once").hasSize(1);
            assertThat(log.with("listeners", String.valueOf(2_000 - report.getListenersCount())))
                    .hasSize(1);
        }
    }

    @Test
    void aLongProblemOfPolicyIsTold() {
        PolicyInForce policy = new PolicyInForce("r", "REFUSED", 1, "x".repeat(5_000));
        assertThat(policy.problem()).startsWith("xxx").endsWith("x ... and 1000 characters more");
        assertThat(new PolicyInForce("r", "REFUSED", 1, "short").problem()).isEqualTo("short");
    }
}
