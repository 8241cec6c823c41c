package dev.weir.bench.endtoend;

import dev.weir.bench.endtoend.Results.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client costs that has asked for Metadata once and then says nothing. */
final class IdleConnections {
    /** The first ones bring code and pools into memory that the next ones share. */
    private static final int FIRST = 100;

    private static final Pattern HEAP_USED = Pattern.compile("total \\d+K, used (\\d+)K");
    private static final long JCMD_SECONDS_MAX = 30;

    private final int count;

    IdleConnections(int count) {
        this.count = count;
    }

    void measure(List<Target> targets, Results results) {
        Map<String, Double> resident = new LinkedHashMap<>();
        Map<String, Double> heap = new LinkedHashMap<>();
        for (Target target : targets) {
            Process relay = target.relay();
            if (relay != null) {
                measure(target, relay, resident, heap);
            }
        }
        results.add(Metric.IDLE_KILOBYTES_PER_CONNECTION, resident);
        results.add(Metric.IDLE_HEAP_KILOBYTES_PER_CONNECTION, heap);
    }

    private void measure(Target target, Process relay, Map<String, Double> resident, Map<String, Double> heap) {
        boolean jvm = !target.name().equals(Target.HAPROXY);
        List<Socket> open = new ArrayList<>();
        try {
            open(target.port(), FIRST, open);
            double heapBefore = jvm ? heapKilobytes(relay.pid()) : 0;
            double residentBefore = Cpu.residentKilobytes(relay.pid());
            open(target.port(), count, open);
            double heapAfter = jvm ? heapKilobytes(relay.pid()) : 0;
            resident.put(target.name(), (Cpu.residentKilobytes(relay.pid()) - residentBefore) / count);
            if (jvm) {
                heap.put(target.name(), (heapAfter - heapBefore) / count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("idle connections through " + target.name(), e);
        } finally {
            for (Socket socket : open) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // it is gone, which is what was wanted
                }
            }
        }
    }

    private static void open(int port, int number, List<Socket> open) throws IOException {
        for (int i = 0; i < number; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            open.add(socket);
            FirstMetadata.ask(socket);
        }
    }

    /** What is still in use after a full collection. */
    private static double heapKilobytes(long pid) {
        jcmd(pid, "GC.run");
        Matcher used = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
        double kilobytes = 0;
        while (used.find()) {
            kilobytes += Double.parseDouble(used.group(1));
        }
        return kilobytes;
    }

    private static String jcmd(long pid, String command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            throw new IllegalStateException("no " + jcmd + ": memory is measured with a JDK, not with a JRE");
        }
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(JCMD_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("jcmd " + command + " failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
