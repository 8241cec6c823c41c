package dev.weir.testkit.clients;

import dev.weir.testkit.clients.javaprobe.JavaProbe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Apache Kafka's own client of one release, in a child JVM whose class path holds that release and no other.
 *
 * @param version one of {@link #VERSIONS}
 * @param properties further client properties, for example {@code group.protocol=consumer}
 * @param hosts a file in the form of {@code /etc/hosts} that its JVM resolves names with, or null for the system's resolver
 */
public record JavaClient(
        String version,
        Map<String, String> properties,
        @Nullable Path hosts) implements KafkaClient {

    /** The releases whose jars the build fetches: the oldest since KIP-35's first wide use, two that are common, the newest. */
    public static final List<String> VERSIONS = List.of("2.1.1", "2.8.2", "3.9.1", "4.3.1");

    public JavaClient {
        if (!VERSIONS.contains(version)) {
            throw new IllegalArgumentException("Java client " + version + "; there are " + VERSIONS);
        }
        properties = Map.copyOf(properties);
    }

    public JavaClient(String version, Map<String, String> properties) {
        this(version, properties, null);
    }

    /** Resolves names with this file and with nothing else. */
    public JavaClient withHosts(Path file) {
        return new JavaClient(version, properties, file);
    }

    public JavaClient with(String property, String value) {
        Map<String, String> more = new LinkedHashMap<>(properties);
        more.put(property, value);
        return new JavaClient(version, more, hosts);
    }

    @Override
    public String name() {
        return "java-" + version + (properties.isEmpty() ? "" : properties);
    }

    @Override
    public RunningClient start(ClientTask task, ClientAccess access, Map<String, String> environment) {
        Path jars = TestkitHome.existing("target/clients/" + version, "build the module with Maven");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        if (hosts != null) {
            command.add("-Djdk.net.hosts.file=" + hosts);
        }
        command.addAll(List.of(
                "-cp",
                TestkitHome.classes() + ":" + jars + "/*",
                JavaProbe.class.getName(),
                "timeout.millis=" + GIVES_UP_AFTER.toMillis()));
        task.arguments().forEach((name, value) -> command.add(name + "=" + value));
        access.javaProperties().forEach((name, value) -> command.add("client." + name + "=" + value));
        properties.forEach((name, value) -> command.add("client." + name + "=" + value));
        return new RunningClient(
                ClientProcess.start(command, environment, ""),
                (process, endedWell) -> ClientReport.parse(process.out()));
    }

    @Override
    public String toString() {
        return name();
    }
}
