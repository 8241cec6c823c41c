package dev.weir.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** The cluster's directories: {@code controller} and {@code broker-N} below one root, formatted when they are new. */
final class NodeStorage {

    private final Path root;
    private final Map<String, String> scramUsers;
    private final String clusterId;

    NodeStorage(Path root, Map<String, String> scramUsers) {
        this.root = root;
        this.scramUsers = scramUsers;
        this.clusterId = existingClusterId(root.resolve("controller"));
    }

    String clusterId() {
        return clusterId;
    }

    /** The controller's directory; SCRAM users are written when it is new, since they are part of the first metadata. */
    Path controllerDir() {
        Formatter formatter = formatter(NodeProperties.CONTROLLER_NODE_ID);
        List<String> scram = new ArrayList<>();
        scramUsers.forEach((name, password) -> {
            scram.add("SCRAM-SHA-256=[name=" + name + ",password=" + password + "]");
            scram.add("SCRAM-SHA-512=[name=" + name + ",password=" + password + "]");
        });
        return format(formatter.setScramArguments(scram), root.resolve("controller"));
    }

    Path brokerDir(int nodeId) {
        return format(formatter(nodeId), root.resolve("broker-" + nodeId));
    }

    private Formatter formatter(int nodeId) {
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(clusterId)
                .setNodeId(nodeId)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName(NodeProperties.CONTROLLER)
                .setIgnoreFormatted(true);
        for (Feature feature : Feature.PRODUCTION_FEATURES) {
            // kraft.version belongs to quorums whose voters change; this one has a single, fixed voter.
            if (feature != Feature.KRAFT_VERSION) {
                formatter.setFeatureLevel(feature.featureName(), feature.latestProduction());
            }
        }
        return formatter;
    }

    private static Path format(Formatter formatter, Path dir) {
        try {
            Files.createDirectories(dir);
            formatter
                    .addDirectory(dir.toString())
                    .setMetadataLogDirectory(dir.toString())
                    .run();
            return dir;
        } catch (Exception e) {
            throw new EmbeddedKafkaException("data directory " + dir + " cannot be formatted: " + e.getMessage(), e);
        }
    }

    private static String existingClusterId(Path controllerDir) {
        if (!Files.exists(controllerDir.resolve("meta.properties"))) {
            return Uuid.randomUuid().toString();
        }
        try {
            return new MetaPropertiesEnsemble.Loader()
                    .addMetadataLogDir(controllerDir.toString())
                    .load()
                    .clusterId()
                    .orElseThrow(() -> new EmbeddedKafkaException(
                            controllerDir + "/meta.properties has no cluster.id; use another data directory"));
        } catch (IOException e) {
            throw new EmbeddedKafkaException("data directory " + controllerDir + " cannot be read", e);
        }
    }
}
