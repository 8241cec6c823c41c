package dev.weir.proxy.canary;

import dev.weir.canary.Side;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A proxy in a process of its own, which is killed: what is in flight is never answered, and nobody hears a goodbye. Asked what it gave to a side
 * of a canary it says so.
 */
final class LedgerProxy implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final String bootstrap;

    private LedgerProxy(Process process) throws Exception {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.bootstrap = answer();
    }

    /**
     * Starts one, and waits until it serves.
     *
     * @param kafka the brokers' addresses
     * @param policy as {@link LedgerMesh#compiled} takes it
     */
    static LedgerProxy start(String kafka, String policy) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LedgerProxy.class.getName(),
                        kafka,
                        policy)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new LedgerProxy(process);
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** What to put into {@code bootstrap.servers}. */
    String bootstrap() {
        return bootstrap;
    }

    /** How many records it gave to a side. */
    long given(String canary, Side side) throws Exception {
        questions.write(canary + " " + side + "\n");
        questions.flush();
        return Long.parseLong(answer());
    }

    private String answer() throws InterruptedException, ExecutionException, TimeoutException, IOException {
        String line = CompletableFuture.supplyAsync(this::line).get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS);
        if (line.isEmpty()) {
            throw new IOException("the process of the proxy ended by itself");
        }
        return line;
    }

    private String line() {
        try {
            String line = answers.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It stands still from now on: it reads nothing, answers nothing and sends nothing. */
    void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** It goes on where it stood. */
    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                .inheritIO()
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("no signal " + name + " for the process of the proxy: exit code " + exitCode);
        }
    }

    /** Kills it. */
    void crash() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The process itself: brokers, and policy. It ends with the process that started it. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)); // for its log
        ProxyFixture proxy = ProxyFixture.inFrontOf(args[0])
                .policy(LedgerMesh.compiled(args[1]))
                .listener("open", null, null)
                .start();
        out.println(proxy.bootstrap());
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            List<String> asked = List.of(line.split(" ", -1));
            out.println(proxy.metrics()
                    .canaries()
                    .side(asked.get(0), Side.valueOf(asked.get(1)))
                    .given());
        }
        Runtime.getRuntime().halt(0);
    }
}
