package dev.weir.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnusedPortsTest {
    private static final int COUNT = 12;

    @Test
    void givesEachAwayOnce() {
        Set<Integer> given = new HashSet<>();
        IntStream.range(0, 200).parallel().map(i -> UnusedPorts.inARow(3)).forEach(first -> {
            synchronized (given) {
                IntStream.range(first, first + 3)
                        .forEach(port -> assertThat(given.add(port)).isTrue());
            }
        });
        assertThat(given).hasSize(600);
    }

    @Test
    void theKernelChoosesNoneOfThem() throws Exception {
        int mine = UnusedPorts.one();
        try (ServerSocket chosen = new ServerSocket(0)) {
            assertThat(mine).isBetween(20_000, 31_999).isLessThan(chosen.getLocalPort());
        }
    }

    @Test
    void beginsAgainAtTheFirstAndEndsWhereItBegan() {
        int first = UnusedPorts.inARow(COUNT);
        UnusedPorts ports = new UnusedPorts(first, first + COUNT, 5);
        assertThat(IntStream.range(0, COUNT).map(i -> ports.take(1)))
                .containsExactlyElementsOf(IntStream.range(0, COUNT)
                        .map(i -> first + (5 + i) % COUNT)
                        .boxed()
                        .toList());
        assertThatThrownBy(() -> ports.take(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no 1 unused ports in a row from " + first + " to " + (first + COUNT - 1));
    }

    @Test
    void aRowDoesNotGoPastTheLast() {
        int first = UnusedPorts.inARow(COUNT);
        UnusedPorts ports = new UnusedPorts(first, first + COUNT, 10);
        assertThat(ports.take(3)).isEqualTo(first);
        assertThat(ports.take(7)).isEqualTo(first + 3);
        assertThatThrownBy(() -> ports.take(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void passesOverThoseThatAreUsed() throws Exception {
        int first = UnusedPorts.inARow(COUNT);
        UnusedPorts ports = new UnusedPorts(first, first + COUNT, 0);
        try (ServerSocket onLoopback = new ServerSocket(first + 1, 1, InetAddress.getByName("127.0.0.1"));
                ServerSocket onAll = new ServerSocket(first + 5)) {
            assertThat(onLoopback.isBound() && onAll.isBound()).isTrue();
            assertThat(ports.take(1)).isEqualTo(first);
            assertThat(ports.take(3)).isEqualTo(first + 2);
            assertThat(ports.take(2)).isEqualTo(first + 6);
        }
    }
}
