package dev.weir.testkit.clients;

import dev.weir.testkit.await.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A process whose output is kept, line by line. Two threads of its own read the output until the process ends;
 * {@link #close} ends the process and all it started.
 */
public final class ClientProcess implements AutoCloseable {

    private static final Duration END = Duration.ofSeconds(5);

    private final List<String> command;
    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final Thread outReader;
    private final Thread errReader;

    private ClientProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.outReader = reader(process.getInputStream(), out, "stdout");
        this.errReader = reader(process.getErrorStream(), err, "stderr");
    }

    /** Starts a command with {@code input} as its whole standard input. */
    public static ClientProcess start(List<String> command, String input) {
        return start(command, Map.of(), input);
    }

    /** As {@link #start(List, String)}, with variables beside those of this process's environment. */
    public static ClientProcess start(List<String> command, Map<String, String> environment, String input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended before it read its input; how it ended is what matters, and the caller sees that.
                process.onExit().join();
            }
            return new ClientProcess(command, process);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "'" + command.get(0) + "' cannot be started: run testkit/install-test-tools.sh", e);
        }
    }

    /** Lines of standard output so far. */
    public List<String> out() {
        return List.copyOf(out);
    }

    /** Lines of standard error so far. */
    public List<String> err() {
        return List.copyOf(err);
    }

    /** Waits until the process printed a line that fits. */
    public void awaitLine(Predicate<String> fits) {
        Patience.awaitSettled().until(() -> out.stream().anyMatch(fits) || !process.isAlive());
        if (out.stream().noneMatch(fits)) {
            throw new IllegalStateException("it ended without the awaited line\n" + this);
        }
    }

    /** Waits for the end of the process and returns its exit code. */
    public int awaitExit(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                close();
                throw new IllegalStateException("it did not end within " + deadline + "\n" + this);
            }
            outReader.join(END.toMillis());
            errReader.join(END.toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command.get(0), e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** The program and its output; not its arguments, which carry passwords. */
    @Override
    public String toString() {
        return command.get(0) + "\nstdout:\n" + String.join("\n", out) + "\nstderr:\n" + String.join("\n", err);
    }

    private static Thread reader(InputStream stream, List<String> lines, String name) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        reader.lines().forEach(lines::add);
                    } catch (IOException | UncheckedIOException e) {
                        lines.add("(reading ended: " + e.getMessage() + ")");
                    }
                },
                "client-process-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
