package dev.weir.bench.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The processes of a run: started here, and ended with it, whatever happens. */
public final class Programs implements AutoCloseable {
    private static final long START_SECONDS_MAX = 60;
    private static final long STOP_SECONDS_MAX = 15;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final List<String> JVM = List.of(
            "-Dio.netty.allocator.type=pooled",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-Dlogback.statusListenerClass=" + "ch.qos.logback.core.status.NopStatusListener");

    private final Path folder;
    private final List<Process> running = new ArrayList<>();
    private final Thread exitHook = new Thread(this::endAll, "end-programs");

    /** @param folder for what the programs write to their standard output and error */
    Programs(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(exitHook);
    }

    Process java(String name, List<String> jvmOptions, String mainClass, List<String> arguments) {
        return start(name, javaCommand(jvmOptions, mainClass, arguments));
    }

    /** As the launcher starts Java programs: this JVM's own Java and class path. */
    public static List<String> javaCommand(List<String> jvmOptions, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return command;
    }

    synchronized Process start(String name, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            // a mesh that is only measured is not one that `weir status` is to find
            builder.environment().putAll(Map.of("XDG_RUNTIME_DIR", folder.toString()));
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(log(name).toFile())
                    .start();
            running.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    /** This JVM and all that it started. */
    synchronized List<Long> pids() {
        List<Long> pids = new ArrayList<>(List.of(ProcessHandle.current().pid()));
        running.forEach(process -> pids.add(process.pid()));
        return pids;
    }

    Path log(String name) {
        return folder.resolve(name + ".log");
    }

    /** Waits until somebody listens. */
    void awaitPort(String name, Process process, int port) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
                throw new IllegalStateException(
                        name + " does not listen on port " + port + "; what it said is in " + log(name));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** As many in a row as wanted, free a moment ago. */
    static int freePorts(int count) {
        for (int tries = 0; tries < 100; tries++) {
            int first = freePort(0);
            int free = 1;
            while (free < count && first + free < 65_536 && freePort(first + free) != 0) {
                free++;
            }
            if (free == count) {
                return first;
            }
        }
        throw new IllegalStateException("no " + count + " free ports in a row");
    }

    private static int freePort(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Ends one program. */
    public static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void endAll() {
        for (int i = running.size() - 1; i >= 0; i--) {
            end(running.get(i));
        }
        running.clear();
    }

    @Override
    public void close() {
        endAll();
        Runtime.getRuntime().removeShutdownHook(exitHook);
    }
}
