package dev.weir.bench.login;

import dev.weir.bench.endtoend.Programs;
import dev.weir.proxy.config.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The other end of {@link ClientsProgram}. */
final class ClientsProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private ClientsProcess(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static ClientsProcess start(Credentials credentials) {
        try {
            ClientsProcess clients = new ClientsProcess(new ProcessBuilder(Programs.javaCommand(
                            List.of(),
                            ClientsProgram.class.getName(),
                            List.of(credentials.folder().toString(), Integer.toString(credentials.services()))))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
            clients.answer();
            return clients;
        } catch (IOException e) {
            throw new UncheckedIOException("the clients cannot be started", e);
        }
    }

    /** Has them come, and waits until each is in or has failed. */
    Outcome come(Way way, Endpoint address, int count) {
        return Outcome.parse(ask("come " + way + " " + address.host() + " " + address.port() + " " + count));
    }

    void go() {
        ask("go");
    }

    private String ask(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException("the clients' process does not listen", e);
        }
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IllegalStateException("the clients' process has ended");
        }
        return line;
    }

    @Override
    public void close() {
        Programs.end(process);
    }
}
