package dev.weir.bench.endtoend;

import dev.weir.bench.policy.GeneratedPolicy;
import dev.weir.bench.relay.RawRelay;
import dev.weir.policy.parse.PolicyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts the broker, and every way to it. */
final class Setup {
    static final int RULES = 1_000;
    private static final int BROKER_LISTENERS = 4;
    private static final long SLOW_MILLIS = 2_000;
    private static final String POLICY = "-policy";
    private static final String MAIN = "dev.weir.cli.Main";

    private final Programs programs;
    private final Path folder;
    private final List<String> weirOptions;
    private final Set<Variant> variants;
    private final OrderRegistry registry;

    /**
     * Begins a run.
     *
     * @param folder for configurations and data
     * @param weirOptions further options for Weir's JVM, to profile it for instance
     * @param variants further Weirs
     * @param registry that they may ask
     */
    Setup(Programs programs, Path folder, List<String> weirOptions, Set<Variant> variants, OrderRegistry registry) {
        this.programs = programs;
        this.folder = folder;
        this.weirOptions = weirOptions;
        this.variants = variants;
        this.registry = registry;
    }

    /** Starts all; the first is the direct one. HAProxy is there when the machine has it. */
    List<Target> start() {
        int broker = Programs.freePorts(BROKER_LISTENERS);
        int relay = Programs.freePorts(1);
        int haproxy = Programs.freePorts(1);
        int slow = Programs.freePorts(1);
        Process kafka = programs.java(
                "broker",
                List.of("-Xmx1g"),
                BrokerProgram.class.getName(),
                List.of(
                        folder.resolve("kafka").toString(),
                        "DIRECT:" + broker + ":" + broker,
                        "RELAY:" + (broker + 1) + ":" + relay,
                        "HAPROXY:" + (broker + 2) + ":" + haproxy,
                        "SLOW:" + (broker + 3) + ":" + slow));
        programs.awaitPort("the broker", kafka, broker);
        List<Target> targets = new ArrayList<>();
        targets.add(new Target(Target.DIRECT, broker, null));
        targets.add(new Target(Target.RAW_RELAY, relay, rawRelay("relay", relay, broker + 1)));
        Process haproxyProcess = haproxy(haproxy, broker + 2);
        if (haproxyProcess != null) {
            targets.add(new Target(Target.HAPROXY, haproxy, haproxyProcess));
        }
        WeirFiles files = weirFiles("weir", broker, RULES);
        append(files.config(), Variant.TOPOLOGY_ELSEWHERE);
        targets.add(new Target(Target.WEIR, files.port(), weir("weir", files, weirOptions)));
        if (variants.contains(Variant.MIRROR_SLOW)) {
            programs.awaitPort("slow", rawRelay("slow", slow, broker + 3, Long.toString(SLOW_MILLIS)), slow);
        }
        for (Variant variant : variants) {
            String name = variant.name();
            WeirFiles other = weirFiles(name, broker, variant.clusters(slow), RULES);
            append(other.config(), variant.configuration(registry.port()));
            Path policy = folder.resolve(name + POLICY);
            if (!variant.policy().isEmpty()) {
                write(policy.resolve("variant.yaml"), variant.policy());
            }
            if (!variant.schema().isEmpty()) {
                write(policy.resolve("order.avsc"), variant.schema());
            }
            targets.add(new Target(
                    variant.target(),
                    other.port(),
                    weir(name, other, weirOptions),
                    variant.mirrors() ? new Mirror(other.adminPort()) : null));
        }
        for (Target target : targets) {
            if (target.relay() != null) {
                programs.awaitPort(target.name(), target.relay(), target.port());
            }
        }
        return targets;
    }

    private Process rawRelay(String name, int port, int brokerPort, String... late) {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(port), Integer.toString(brokerPort)));
        arguments.addAll(List.of(late));
        return programs.java(name, List.of(), RawRelay.class.getName(), arguments);
    }

    private @Nullable Process haproxy(int port, int brokerPort) {
        Path config = folder.resolve("haproxy.cfg");
        write(
                config,
                "global\n  maxconn 9000\ndefaults\n  mode tcp\n  timeout connect 5s\n  timeout client 1h\n"
                        + "  timeout server 1h\nlisten kafka\n  bind 127.0.0.1:" + port + "\n  server broker 127.0.0.1:"
                        + brokerPort + "\n");
        try {
            return programs.start("haproxy", List.of("haproxy", "-db", "-f", config.toString()));
        } catch (UncheckedIOException e) {
            System.out.println(
                    "HAProxy is not installed: it is left out, and what is compared with it is not measured");
            return null;
        }
    }

    /**
     * What Weir is started with.
     *
     * @param config its configuration
     * @param port where clients begin
     */
    record WeirFiles(Path config, int port) {
        int adminPort() {
            return port + 2;
        }
    }

    /** Writes a configuration, with a policy of so many rules in force. */
    WeirFiles weirFiles(String name, int brokerPort, int rules) {
        return weirFiles(name, brokerPort, "", rules);
    }

    private WeirFiles weirFiles(String name, int brokerPort, String moreClusters, int rules) {
        Path policy = folder.resolve(name + POLICY);
        for (PolicyFile file : GeneratedPolicy.files(rules)) {
            write(policy.resolve(file.path()), new String(file.content(), StandardCharsets.UTF_8));
        }
        WeirFiles files = new WeirFiles(folder.resolve(name + ".yaml"), Programs.freePorts(3));
        write(
                files.config(),
                "clusters:\n  - name: main\n    bootstrap: [\"127.0.0.1:" + brokerPort + "\"]\n" + moreClusters
                        + "listeners:\n  - name: clients\n    cluster: main\n    bind: 127.0.0.1:" + files.port()
                        + "\n    brokerPorts: {first: " + (files.port() + 1) + ", nodeIds: 1-1}\n"
                        + "policy: {folder: " + policy.getFileName() + "}\nadmin: {bind: \"127.0.0.1:"
                        + files.adminPort() + "\"}\n");
        return files;
    }

    /** {@code weir up}, as users run it. */
    Process weir(String name, WeirFiles files, List<String> options) {
        return programs.java(
                name, options, MAIN, List.of("up", "--config", files.config().toString()));
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
