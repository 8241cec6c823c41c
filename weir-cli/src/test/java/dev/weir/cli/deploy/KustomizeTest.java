package dev.weir.cli.deploy;

import static dev.weir.cli.deploy.Manifests.at;
import static dev.weir.cli.deploy.Manifests.each;
import static dev.weir.cli.deploy.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.weir.cli.config.ConfigFile;
import dev.weir.cli.config.TopologyConfig;
import dev.weir.cli.config.WeirConfig;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.BrokerNames;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests are what Kubernetes takes, belong together, and fit the configuration that they carry. */
class KustomizeTest {
    private static final Path BASE = Manifests.DEPLOY.resolve("kustomize/base");
    private static final Path EXAMPLE = Manifests.DEPLOY.resolve("kustomize/overlays/example");
    private static final Path SNI = Manifests.DEPLOY.resolve("kustomize/overlays/sni");
    private static final Set<String> KUSTOMIZATION_KEYS =
            Set.of("apiVersion", "kind", "namespace", "labels", "resources", "configMapGenerator", "patches", "images");

    @TempDir
    private Path folder;

    @Test
    void manifestsFollowTheSchemaOfKubernetes() throws IOException {
        List<String> resources = texts(Manifests.read(BASE.resolve("kustomization.yaml")), "resources")
                .toList();
        assertThat(resources).isNotEmpty();
        for (String resource : resources) {
            Manifests.validate(Manifests.read(BASE.resolve(resource)));
        }
    }

    @Test
    void thePatchOfTheExampleFollowsItToo() throws IOException {
        JsonObject patch = Manifests.read(EXAMPLE.resolve("deployment.yaml"));
        at(patch, "spec").getAsJsonObject().add("selector", new JsonObject()); // required, and the base's business
        Manifests.validate(patch);
    }

    @Test
    void anUnknownKeyIsFound() {
        JsonObject deployment = Manifests.read(BASE.resolve("deployment.yaml"));
        container(deployment).addProperty("imagePullPolice", "Always");
        assertThatThrownBy(() -> Manifests.validate(deployment)).hasMessageContaining("imagePullPolice");
    }

    @Test
    void everyFileIsNamedAndEveryNamedFileIsThere() throws IOException {
        for (Path root : List.of(BASE, EXAMPLE, SNI)) {
            JsonObject kustomization = Manifests.read(root.resolve("kustomization.yaml"));
            assertThat(KUSTOMIZATION_KEYS).containsAll(kustomization.keySet());
            Set<String> named = namedFiles(kustomization).collect(Collectors.toCollection(TreeSet::new));
            assertThat(named).allSatisfy(name -> assertThat(root.resolve(name)).exists());
            try (Stream<Path> files = Files.list(root)) {
                assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !named.contains(name)))
                        .containsExactly("kustomization.yaml");
            }
        }
    }

    @Test
    void theConfigMapOfTheBaseIsAConfiguration() {
        WeirConfig config = ConfigFile.read(BASE.resolve("weir.yaml"));
        assertThat(config.admin().host()).as("probes come from outside").isEqualTo("0.0.0.0");
        assertThat(config.proxy().listeners()).hasSize(1);
        assertThat(topology(config).host()).as("a Service leads to it").isEqualTo("0.0.0.0");
    }

    private static Endpoint topology(WeirConfig config) {
        TopologyConfig topology = config.topology();
        assertThat(topology).isNotNull();
        return topology.bind();
    }

    @Test
    void theDashboardHasAServiceAndIsSeenFromMonitoringOnly() {
        int port = topology(ConfigFile.read(BASE.resolve("weir.yaml"))).port();
        JsonElement service = at(Manifests.read(BASE.resolve("topology-service.yaml")), "spec", "ports");
        assertThat(ports(service, "port")).containsExactly(port);

        for (Path root : List.of(BASE, SNI)) {
            JsonElement rules = at(Manifests.read(root.resolve("networkpolicy.yaml")), "spec", "ingress");
            assertThat(each(rules)
                            .filter(rule -> ports(at(rule, "ports"), "port").contains(port))
                            .map(rule -> at(rule, "from", "0", "namespaceSelector", "matchLabels")
                                    .toString()))
                    .containsExactly("{\"kubernetes.io/metadata.name\":\"monitoring\"}");
        }
    }

    @Test
    void theConfigMapOfTheExampleIsAConfiguration() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config")).resolve("weir.yaml");
        Files.copy(EXAMPLE.resolve("weir.yaml"), config);
        mountSecrets();
        ListenerConfig listener = ConfigFile.read(config).proxy().listeners().get(0);
        assertThat(listener.tls()).isNotNull();
        assertThat(listener.sasl()).isNotNull();
    }

    @Test
    void oneNameForEachBrokerNeedsOnePort() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config")).resolve("weir.yaml");
        Files.copy(SNI.resolve("weir.yaml"), config);
        mountSecrets(CertificateSpec.server().withDns("kafka.mesh.example").withDns("*.kafka.mesh.example"));
        WeirConfig weir = ConfigFile.read(config);
        ListenerConfig listener = weir.proxy().listeners().get(0);
        assertThat(listener.brokers()).isInstanceOf(BrokerNames.class);

        int port = listener.bind().port();
        assertThat(patched(at(Manifests.read(SNI.resolve("service.yaml")), "spec", "ports"), "port"))
                .containsExactly(port);
        assertThat(patched(
                        container(Manifests.read(SNI.resolve("deployment.yaml")))
                                .get("ports"),
                        "containerPort"))
                .containsExactlyInAnyOrder(
                        port, weir.admin().port(), topology(weir).port());
        assertThat(ports(
                        at(Manifests.read(SNI.resolve("networkpolicy.yaml")), "spec", "ingress", "0", "ports"), "port"))
                .containsExactly(port);
    }

    /** The ports of a list that takes the place of the base's. */
    private static Set<Integer> patched(JsonElement list, String key) {
        JsonArray ports = list.getAsJsonArray().deepCopy();
        assertThat(at(ports.remove(0), "$patch").getAsString()).isEqualTo("replace");
        return ports(ports, key);
    }

    private void mountSecrets() throws IOException {
        mountSecrets(CertificateSpec.server());
    }

    /** What the example's Secrets hold, where its Deployment mounts them. */
    private void mountSecrets(CertificateSpec server) throws IOException {
        Path tls = Files.createDirectories(folder.resolve("tls"));
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        TestCa ca = TestCa.create(Files.createDirectories(folder.resolve("ca")), "ca");
        TestCertificate certificate = ca.issue(server);
        Files.copy(certificate.chainPem(), tls.resolve("tls.crt"));
        Files.copy(certificate.keyPem(), tls.resolve("tls.key"));
        Files.copy(ca.pem(), secrets.resolve("kafka-ca.pem"));
        Files.writeString(secrets.resolve("kafka.password"), "secret\n");
        Files.writeString(secrets.resolve("git.token"), "secret\n");
        Files.writeString(
                secrets.resolve("users.txt"),
                "checkout:"
                        + PasswordHash.create("secret", PasswordHash.ITERATIONS_MIN)
                                .encoded() + "\n");
    }

    @Test
    void everyPortOfTheConfigurationIsOpenAllTheWay() {
        WeirConfig config = ConfigFile.read(BASE.resolve("weir.yaml"));
        ListenerConfig listener = config.proxy().listeners().get(0);
        Set<Integer> wanted = new TreeSet<>(Set.of(listener.bind().port()));
        BrokerPorts brokers = (BrokerPorts) listener.brokers();
        for (int id = brokers.firstNodeId(); id <= brokers.lastNodeId(); id++) {
            wanted.add(brokers.portOf(id));
        }

        JsonObject service = Manifests.read(BASE.resolve("service.yaml"));
        assertThat(ports(at(service, "spec", "ports"), "port")).isEqualTo(wanted);

        JsonObject clients = at(
                        Manifests.read(BASE.resolve("networkpolicy.yaml")), "spec", "ingress", "0", "ports", "0")
                .getAsJsonObject();
        assertThat(wanted).first().isEqualTo(clients.get("port").getAsInt());
        assertThat(wanted).last().isEqualTo(clients.get("endPort").getAsInt());

        JsonObject container = container(Manifests.read(BASE.resolve("deployment.yaml")));
        Set<Integer> open = new TreeSet<>(wanted);
        open.add(config.admin().port());
        open.add(topology(config).port());
        assertThat(ports(container.get("ports"), "containerPort")).isEqualTo(open);
    }

    @Test
    void portsAreNamedAsThePodNamesThem() {
        JsonObject container = container(Manifests.read(BASE.resolve("deployment.yaml")));
        Set<String> names = each(container.get("ports"))
                .map(port -> at(port, "name").getAsString())
                .collect(Collectors.toSet());
        for (String service : List.of("service.yaml", "admin-service.yaml", "topology-service.yaml")) {
            assertThat(each(at(Manifests.read(BASE.resolve(service)), "spec", "ports")))
                    .allSatisfy(port ->
                            assertThat(names).contains(at(port, "targetPort").getAsString()));
        }
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(at(container, probe, "httpGet", "port").getAsString()).isEqualTo("admin");
        }
    }

    private static Stream<String> namedFiles(JsonObject kustomization) {
        Stream<String> configs = kustomization.has("configMapGenerator")
                ? each(kustomization.get("configMapGenerator")).flatMap(map -> texts(map.getAsJsonObject(), "files"))
                : Stream.of();
        Stream<String> patches = kustomization.has("patches")
                ? each(kustomization.get("patches"))
                        .map(patch -> at(patch, "path").getAsString())
                : Stream.of();
        return Stream.concat(texts(kustomization, "resources"), Stream.concat(configs, patches));
    }

    private static JsonObject container(JsonObject deployment) {
        return at(deployment, "spec", "template", "spec", "containers", "0").getAsJsonObject();
    }

    private static Set<Integer> ports(JsonElement list, String key) {
        return each(list).map(port -> at(port, key).getAsInt()).collect(Collectors.toCollection(TreeSet::new));
    }
}
