package dev.weir.cli.identity;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.origin.OriginVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir identity verify}. */
@Command(
        name = "verify",
        description = {
            "Say of a topic's last records who wrote them, and whether that is signed by Weir (header weir-signature).",
            "Reads from the brokers, or through Weir. The answer is 1 when a record is not genuine."
        },
        mixinStandardHelpOptions = true)
final class IdentityVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic = "";

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            required = true,
            description = "PEM file with the public keys of Weir: openssl pkey -in signing.pem -pubout")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path trust;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "Brokers to begin with.")
    private @Nullable String bootstrap;

    @Option(
            names = "--client-config",
            paramLabel = "FILE",
            description = "Properties of Kafka's Java client; client.properties of weir identity issue, for instance.")
    private @Nullable Path clientConfig;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many offsets of each partition, counted from its end (default: 1000).")
    private long last;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Properties client = client();
        OriginVerifier verifier = verifier();
        WrittenBy found;
        try (SignedTopic records = SignedTopic.open(client, topic)) {
            found = records.verify(verifier, last);
        } catch (KafkaException e) {
            throw new CommandFailure("topic " + topic + " cannot be read: " + FailureWords.ofItself(e), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        found.print(out);
        out.flush();
        return found.allGenuine() ? ExitCode.OK : ExitCode.NO;
    }

    private Properties client() {
        Properties properties = new Properties();
        if (clientConfig != null) {
            try (Reader reader = Files.newBufferedReader(clientConfig)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new CommandFailure(clientConfig + " cannot be read: " + FailureWords.ofFile(e) + ".", e);
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(clientConfig + " cannot be read: " + e.getMessage() + ".", e);
            }
        }
        if (bootstrap != null) {
            properties.setProperty("bootstrap.servers", bootstrap);
        }
        if (!properties.containsKey("bootstrap.servers")) {
            throw new CommandFailure(
                    "no brokers to ask: give --bootstrap HOST:PORT, or a --client-config that names them.");
        }
        return properties;
    }

    private OriginVerifier verifier() {
        try {
            return OriginVerifier.trusting(Files.readString(trust));
        } catch (IOException e) {
            throw new CommandFailure(trust + " cannot be read: " + FailureWords.ofFile(e) + ".", e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(trust + ": " + e.getMessage() + ".", e);
        }
    }
}
