package dev.weir.testkit.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ports for what has to be told one before it binds it, and for where nobody is to listen. Nothing holds them: what can bind port 0, and say
 * which it got, is to do that. So that nobody else takes one meanwhile, they come from below those that the kernel chooses for port 0 and for
 * outgoing connections, each is given away once, and processes begin far from each other. Any thread.
 */
public final class UnusedPorts {
    private static final Path CHOSEN_BY_THE_KERNEL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int FIRST = 20_000;
    private static final int END_MAX = 32_000;
    /** Fewer are not worth it. */
    private static final int COUNT_MIN = 1_000;

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final UnusedPorts OF_THIS_PROCESS = ofThisProcess();

    private final int first;
    private final int count;
    /** How far behind the first port it begins. */
    private final int begin;
    /** How many were given away or passed over. */
    private int passed;

    /**
     * Those of a range, each once.
     *
     * @param end behind the last
     * @param begin how far behind the first it begins; those in front of that come last
     */
    UnusedPorts(int first, int end, int begin) {
        this.first = first;
        this.count = end - first;
        this.begin = begin;
    }

    private static UnusedPorts ofThisProcess() {
        int end = END_MAX;
        try {
            int chosen = Integer.parseInt(
                    Files.readString(CHOSEN_BY_THE_KERNEL).strip().replaceFirst("\\s.*", ""));
            // where the kernel chooses from nearly all, nothing is below
            end = chosen < FIRST + COUNT_MIN ? END_MAX : Math.min(chosen, END_MAX);
        } catch (IOException e) {
            // not Linux: others choose from 49152 on
        }
        double turns = ProcessHandle.current().pid() * GOLDEN; // spreads ids that follow each other
        return new UnusedPorts(FIRST, end, (int) ((turns - Math.floor(turns)) * (end - FIRST)));
    }

    /** One that nobody listens on, on any address. */
    public static int one() {
        return inARow(1);
    }

    /**
     * The first of as many in a row as wanted.
     *
     * @throws IllegalStateException when this process has used up all that there are
     */
    public static int inARow(int wanted) {
        return OF_THIS_PROCESS.take(wanted);
    }

    synchronized int take(int wanted) {
        while (passed + wanted <= count) {
            int offset = (begin + passed) % count;
            int port = first + offset;
            int room = Math.min(wanted, count - offset);
            int free = 0;
            while (free < room && isFree(port + free)) {
                free++;
            }
            passed += free < room ? free + 1 : free; // also the one that is used
            if (free == wanted) {
                return port;
            }
        }
        throw new IllegalStateException("no " + wanted + " unused ports in a row from " + first + " to "
                + (first + count - 1) + "; " + passed + " are used or were given away");
    }

    private static boolean isFree(int port) {
        return canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                && canBind(new InetSocketAddress(port));
    }

    private static boolean canBind(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
