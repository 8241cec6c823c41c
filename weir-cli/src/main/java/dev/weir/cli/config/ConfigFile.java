package dev.weir.cli.config;

import dev.weir.cli.export.OtlpSettings;
import dev.weir.identity.IdentityException;
import dev.weir.identity.vault.VaultFiles;
import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.YamlFile;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import dev.weir.proxy.config.AuditConfig;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ProxyConfig;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.proxy.config.SigningConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a {@code weir.yaml}. Paths in it are relative to its own folder. */
public final class ConfigFile {
    private final Path file;
    private final Problems problems = new Problems();
    private final PortPlan ports = new PortPlan(problems);
    private final ReferencedFiles files;

    private final @Nullable Consumer<String> waiting;
    private @Nullable VaultFiles vault;

    private ConfigFile(Path file, @Nullable Consumer<String> waiting) {
        this.file = file;
        this.waiting = waiting;
        this.files = new ReferencedFiles(file.toAbsolutePath().getParent(), problems);
    }

    /**
     * Reads and checks a configuration: its own form, the files that it names, and its ports against each other.
     *
     * @throws InvalidConfigException naming every mistake
     */
    public static WeirConfig read(Path file) {
        return new ConfigFile(file, null).read();
    }

    /**
     * As {@link #read}, for a start: where secrets are in a Vault that does not answer, it is waited for.
     *
     * @param waiting told why, again and again
     */
    public static WeirConfig readPatiently(Path file, Consumer<String> waiting) {
        return new ConfigFile(file, waiting).read();
    }

    private WeirConfig read() {
        Optional<WeirConfig> config = document().flatMap(document -> document.object(this::weir));
        if (config.isEmpty() || !problems.isEmpty()) {
            if (vault != null) {
                vault.close();
            }
            throw new InvalidConfigException(problems.all());
        }
        return config.get();
    }

    private Optional<YamlValue> document() {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            problems.add(Position.of(file.toString()), "file does not exist");
            return Optional.empty();
        } catch (IOException e) {
            problems.add(Position.of(file.toString()), "file cannot be read: " + FailureWords.ofFile(e));
            return Optional.empty();
        }
        List<YamlValue> documents = YamlFile.documents(file.toString(), content, problems);
        if (documents.isEmpty() && problems.isEmpty()) {
            problems.add(Position.of(file.toString()), "file is empty", "", "clusters, listeners and policy");
        }
        if (documents.size() > 1) {
            problems.add(documents.get(1).at(), "a second document begins here", "", "one document");
        }
        return documents.stream().findFirst();
    }

    private WeirConfig weir(YamlObject root) {
        root.object("vault", new VaultReader(files)::read).ifPresent(this::askVault);
        if (root.has("vault") && !problems.isEmpty()) {
            files.vaultHasMistake();
        }
        List<ClusterConfig> clusters = clusters(root);
        List<ListenerConfig> listeners = listeners(root, clusters);
        PolicySettings policy =
                root.requiredObject("policy", new PolicyReader(files)::read).orElse(PolicyReader.PLACEHOLDER);
        Endpoint admin = root.object("admin", this::admin).orElse(WeirConfig.ADMIN_DEFAULT);
        ReportsReader reportsReader = new ReportsReader(clusters, problems);
        Optional<ReportsConfig> reports = root.has("reports")
                ? root.object("reports", reportsReader::read).flatMap(read -> read)
                : reportsReader.fallback();
        Optional<TopologyConfig> topology = new TopologyReader(clusters, reports, files, ports).read(root);
        Optional<OtlpSettings> otlp = root.object("otlp", new OtlpReader(files)::read);
        AuditConfig audit = root.object("audit", new AuditReader(files, reports.isPresent())::read)
                .orElse(AuditConfig.NONE);
        SigningConfig signing =
                root.object("signing", new SigningReader(files)::read).orElse(SigningConfig.NONE);
        List<SchemaRegistryConfig> schemaRegistries = schemaRegistries(root);
        ports.add(admin, "the admin endpoint", root.at("admin"));
        ports.check();
        return new WeirConfig(
                new ProxyConfig(clusters, listeners, signing, schemaRegistries),
                policy,
                admin,
                reports.orElse(null),
                topology.orElse(null),
                otlp.orElse(null),
                audit,
                vault);
    }

    /** Only where the section itself is without mistakes. */
    private void askVault(VaultConfig config) {
        if (!problems.isEmpty()) {
            return;
        }
        try {
            VaultFiles opened = VaultFiles.open(
                    config.settings(), config.orders(), config.cache().orElse(null));
            vault = opened;
            files.askVault(new VaultLookup(opened, config, problems, waiting));
        } catch (IdentityException e) {
            problems.add(config.addressAt(), String.valueOf(e.getMessage()));
        }
    }

    private List<ClusterConfig> clusters(YamlObject root) {
        ClusterReader reader = new ClusterReader(files);
        List<ClusterConfig> clusters = new ArrayList<>();
        Map<String, Position> names = new HashMap<>();
        for (YamlValue value : root.requiredValues("clusters", "a list of at least one cluster")) {
            value.object(reader::read).ifPresent(cluster -> {
                clusters.add(cluster);
                once(names, "cluster", cluster.name(), value.at());
            });
        }
        return clusters;
    }

    private List<ListenerConfig> listeners(YamlObject root, List<ClusterConfig> clusters) {
        List<String> known =
                clusters.stream().map(ClusterConfig::name).distinct().toList();
        ListenerReader reader = new ListenerReader(known, files, ports);
        List<ListenerConfig> listeners = new ArrayList<>();
        Map<String, Position> names = new HashMap<>();
        for (YamlValue value : root.requiredValues("listeners", "a list of at least one listener")) {
            value.object(reader::read).ifPresent(listener -> {
                listeners.add(listener);
                once(names, "listener", listener.name(), value.at());
            });
        }
        return listeners;
    }

    private List<SchemaRegistryConfig> schemaRegistries(YamlObject root) {
        SchemaRegistryReader reader = new SchemaRegistryReader(files);
        List<SchemaRegistryConfig> registries = new ArrayList<>();
        Map<String, Position> names = new HashMap<>();
        for (YamlValue value : root.values("schemaRegistries")) {
            value.object(reader::read).flatMap(read -> read).ifPresent(registry -> {
                registries.add(registry);
                once(names, "schema registry", registry.name(), value.at());
            });
        }
        return registries;
    }

    private Endpoint admin(YamlObject admin) {
        Endpoint bind = admin.text("bind")
                .flatMap(text -> Endpoints.parse(text, problems))
                .orElse(WeirConfig.ADMIN_DEFAULT);
        if (!admin.bool("allowAnonymous", false)) {
            Exposure.check(
                    admin, bind, "or allowAnonymous: true where the network lets in only those who may", problems);
        }
        return bind;
    }

    private void once(Map<String, Position> names, String what, String name, Position at) {
        Position before = names.putIfAbsent(name, at);
        if (before != null && !name.isEmpty()) {
            problems.add(at, "a second " + what + " named \"" + name + "\"; the first is in line " + before.line());
        }
    }
}
