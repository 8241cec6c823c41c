package dev.weir.testkit.clients;

import dev.weir.testkit.await.Patience;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** A client at work; see {@link KafkaClient#start}. */
public final class RunningClient implements AutoCloseable {

    private final ClientProcess process;
    private final BiFunction<ClientProcess, Boolean, ClientReport> reading;

    /** The report is made from what the process printed so far, and from whether it ended well. */
    RunningClient(ClientProcess process, BiFunction<ClientProcess, Boolean, ClientReport> reading) {
        this.process = process;
        this.reading = reading;
    }

    /** What the client reported so far. */
    public ClientReport report() {
        return reading.apply(process, false);
    }

    /** Waits until the client's report fits; fails with the client's output if the client ends before. */
    public void await(Predicate<ClientReport> fits) {
        Patience.awaitSettled().until(() -> fits.test(report()) || !process.isAlive());
        if (!fits.test(report())) {
            throw new IllegalStateException("the client ended, and this is its report: " + report() + "\n" + process);
        }
    }

    /** Waits for the client's end and returns its report; output that explains nothing is in the failure. */
    public ClientReport awaitEnd() {
        int exitCode = process.awaitExit(Patience.SETTLED);
        ClientReport report = reading.apply(process, exitCode == 0);
        if (!report.done() && report.errors().isEmpty()) {
            throw new IllegalStateException(
                    "the client ended with exit code " + exitCode + " and said nothing of why\n" + process);
        }
        return report;
    }

    /** The process, for its raw output. */
    public ClientProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
