package dev.weir.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person reads who got something wrong. */
class ConfigMistakesTest {
    private static final String CLUSTERS = "clusters: [{name: main, bootstrap: [\"k:9092\"]}]\n";
    private static final String LISTENERS = "listeners: [{name: a, bind: \"127.0.0.1:9192\"}]\n";
    private static final String TLS = "tls: {certificate: certs/listener.pem, key: certs/listener-key.pem}, ";
    private static final String POLICY = "policy: {folder: demo-policy}\n";

    @TempDir
    private static Path folder;

    private static ConfigFixture fixture;

    @BeforeAll
    static void makeFiles() throws IOException {
        fixture = new ConfigFixture(folder);
    }

    @Test
    void allMistakesAreReportedAtOnce() throws IOException {
        assertThat(mistakes("""
                        clusters:
                          - name: main
                            bootstrap: ["kafka-1"]
                            tls: {trust: nowhere.pem}
                          - name: main
                            bootstrap: []
                        listeners:
                          - name: internal
                            cluster: mian
                            bind: 0.0.0.0:9192
                            brokerPort: {first: 9193}
                            limits: {handshakeTimeout: 10}
                          - name: external
                            bind: 127.0.0.1:9200
                            sasl: {users: secrets/bad-users.txt}
                        policy: {folder: ./nowhere}
                        admin: {bind: localhost}
                        """))
                .containsExactly(
                        "FOLDER/secrets/bad-users.txt:1:10: user \"checkout\": not a password hash;"
                                + " expected pbkdf2-sha256$ITERATIONS$SALT$HASH",
                        "weir.yaml:3:17: wrong value: found \"kafka-1\", expected HOST:PORT with a port from 1 to 65535,"
                                + " such as \"127.0.0.1:9192\" or \"[::1]:9192\"",
                        "weir.yaml:4:18: certificate file does not exist: found \"nowhere.pem\","
                                + " expected a file, relative to FOLDER",
                        "weir.yaml:5:5: a second cluster named \"main\"; the first is in line 2",
                        "weir.yaml:6:5: the list \"bootstrap\" is empty: found [],"
                                + " expected a list of brokers, each HOST:PORT",
                        "weir.yaml:9:14: unknown cluster; did you mean \"main\"?: found \"mian\", expected main",
                        "weir.yaml:10:5: missing key \"advertisedHost\"; clients cannot connect to 0.0.0.0:"
                                + " expected the host name or address under which clients reach this listener",
                        "weir.yaml:11:5: unknown key; did you mean \"brokerPorts\"?: found \"brokerPort\","
                                + " expected one of advertisedHost, bind, brokerPorts, cluster, limits, name, sasl,"
                                + " sni, tls, upstream",
                        "weir.yaml:12:32: a length of time needs a unit, such as 10s: found \"10\", expected a length of time"
                                + " such as 500ms, 10s, 5m or 1h, from 1s to 3600s",
                        "weir.yaml:14:5: listener \"external\" and the broker ports of listener \"internal\" (line 10)"
                                + " want the same: found port 9200, expected none of ports 9193 to 9292",
                        "weir.yaml:14:5: the broker ports of listener \"external\" and the broker ports of listener"
                                + " \"internal\" (line 10) want the same: found ports 9201 to 9300,"
                                + " expected none of ports 9193 to 9292",
                        "weir.yaml:15:11: PLAIN shows passwords to the network on a listener without TLS: found no"
                                + " \"tls\", expected \"tls\", or allowWithoutTls: true where nobody else is on the"
                                + " network",
                        "weir.yaml:16:18: folder does not exist: found \"./nowhere\", expected a folder",
                        "weir.yaml:17:15: wrong value: found \"localhost\", expected HOST:PORT with a port from 0 to"
                                + " 65535, such as \"127.0.0.1:9192\" or \"[::1]:9192\"");
    }

    /** YAML with {@code ^} where the mistake is, and what is said about it. */
    static Stream<Arguments> single() {
        return Stream.of(
                Arguments.of(
                        CLUSTERS + LISTENERS + POLICY + "signing: {trusted: ^secrets/signing.pem}\n",
                        "records cannot be verified with this: signing.pem: there is no PUBLIC KEY in it;"
                                + " openssl pkey -pubout writes one: found \"secrets/signing.pem\","
                                + " expected Ed25519 public keys in PEM"),
                Arguments.of(
                        CLUSTERS + LISTENERS + POLICY + "signing: ^{}\n",
                        "keys to sign or to verify records with: found neither, expected key or trusted"),
                Arguments.of(
                        listener("sasl: {users: secrets/users.txt, allowWithoutTls: true}, upstream: {credentials:"
                                + " perPrincipal, from: ^\"vault:kv/data/services/{service}\"}"),
                        "nothing says where Vault is: found \"vault:kv/data/services/{service}\","
                                + " expected a section \"vault\""),
                Arguments.of(
                        listener("sasl: {users: secrets/users.txt, allowWithoutTls: true}, upstream: {credentials:"
                                + " perPrincipal, from: ^\"vault:kv/data/services#password\"}"),
                        "no path of secrets in Vault with the name of the service in it, once:"
                                + " found \"vault:kv/data/services#password\", expected a path such as"
                                + " secrets/upstream/{service}.properties, or vault:kv/data/kafka/services/{service}"),
                Arguments.of("^- a\n", "wrong value: found a list, expected an object of keys and values"),
                Arguments.of(
                        CLUSTERS + LISTENERS + POLICY + "---\n^a: b\n",
                        "a second document begins here: expected one document"),
                Arguments.of("^" + CLUSTERS + LISTENERS, "missing key \"policy\": expected an object"),
                Arguments.of(
                        CLUSTERS + LISTENERS + POLICY + "otlp: {endpoint: ^\"localhost:4317\"}\n",
                        "wrong value: found \"localhost:4317\","
                                + " expected http://HOST:PORT or https://HOST, where OTLP/HTTP is taken"),
                Arguments.of(
                        CLUSTERS + LISTENERS + POLICY
                                + "otlp: {endpoint: \"https://h\", headersFile: ^secrets/bad-headers}\n",
                        "line 2 of the file is no header: expected lines of NAME: VALUE"),
                Arguments.of(
                        CLUSTERS + LISTENERS + "policy: ^{}\n",
                        "policy comes from one place: found neither, expected \"folder\" or \"git\""),
                Arguments.of(
                        CLUSTERS + LISTENERS + "policy: {git: {url: \"x\", path: ^../up}}\n",
                        "wrong value: found \"../up\", expected a folder inside the repository"),
                Arguments.of(
                        CLUSTERS + LISTENERS + "policy: {git: {url: \"x\", poll: ^soon}}\n",
                        "wrong value: found \"soon\","
                                + " expected a length of time such as 500ms, 10s, 5m or 1h, from 200ms to 1d"),
                Arguments.of(
                        CLUSTERS + LISTENERS + "policy: {git: {url: ^\"https://weir:secret@git.example/p.git\"}}\n",
                        "the Git URL holds a password, which would show in logs;"
                                + " put it into a file and name the file"),
                Arguments.of(
                        CLUSTERS + LISTENERS + POLICY + "^admin: {bind: \"127.0.0.1:9192\"}\n",
                        "the admin endpoint and listener \"a\" (line 2) want the same:"
                                + " found port 9192, expected none of port 9192"),
                Arguments.of(
                        "clusters: [{name: ^Main, bootstrap: [\"k:9092\"]}]\n" + LISTENERS + POLICY,
                        "not a name: found \"Main\","
                                + " expected at most 63 lower case letters, digits and hyphens, such as \"main\""),
                Arguments.of(
                        cluster("sasl: {mechanism: ^SCRAM, username: a, passwordFile: secrets/weir.password}"),
                        "unknown value: found \"SCRAM\", expected one of OAUTHBEARER, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512"),
                Arguments.of(
                        cluster("sasl: {mechanism: OAUTHBEARER, tokenEndpoint: ^idp.example, clientId: weir,"
                                + " clientSecretFile: secrets/weir.password}"),
                        "wrong value: found \"idp.example\", expected the URL of a token endpoint, such as"
                                + " https://idp.example/realms/kafka/protocol/openid-connect/token"),
                Arguments.of(
                        cluster("sasl: {mechanism: OAUTHBEARER, tokenEndpoint: ^\"http://idp.example/token\","
                                + " clientId: weir, clientSecretFile: secrets/weir.password}"),
                        "the client's secret would go over the network for everybody to read: found"
                                + " \"http://idp.example/token\", expected https, or a token endpoint on this machine"),
                Arguments.of(
                        listener("upstream: ^{credentials: perPrincipal}"),
                        "missing key \"from\": expected a path such as secrets/upstream/{service}.properties, or"
                                + " vault:kv/data/kafka/services/{service}"),
                Arguments.of(
                        listener("upstream: {credentials: perPrincipal, from: ^\"secrets/{service}/login\"}"),
                        "the name of the service goes into the file's name, once: found \"secrets/{service}/login\","
                                + " expected a path such as secrets/upstream/{service}.properties, or"
                                + " vault:kv/data/kafka/services/{service}"),
                Arguments.of(
                        listener("upstream: {^credentials: passThrough}"),
                        "only log-ins by SASL can be passed on: found no \"sasl\","
                                + " expected also \"sasl\", with the mechanisms to pass on"),
                Arguments.of(
                        listener("sasl: {^users: secrets/users.txt, allowWithoutTls: true},"
                                + " upstream: {credentials: passThrough}"),
                        "brokers decide who logs in on this listener: found credentials passThrough,"
                                + " expected no \"users\""),
                Arguments.of(
                        listener("upstream: {^from: \"secrets/{service}\"}"),
                        "credentials of single services are not asked for: found credentials shared,"
                                + " expected credentials: perPrincipal, or no \"from\""),
                Arguments.of(
                        cluster("sasl: {username: a, passwordFile: ^secrets/empty.password}"),
                        "the file is empty: found \"secrets/empty.password\", expected a password"),
                Arguments.of(
                        cluster("tls: ^{certificate: certs/weir.pem}"),
                        "\"certificate\" and \"key\" go together: expected also \"key\""),
                Arguments.of(
                        listener("brokerPorts: {^first: 65500, nodeIds: 0-99}"),
                        "brokers 0 to 99 need 100 ports from 65500 on: found up to 65599,"
                                + " expected ports up to 65535: a lower first port, or fewer node ids"),
                Arguments.of(
                        listener("brokerPorts: {first: 9193, nodeIds: ^9-0}"),
                        "wrong value: found \"9-0\", expected a range of broker ids, the lower first, such as 0-99"),
                Arguments.of(
                        listener("brokerPorts: {first: 9193, nodeIds: ^5}"),
                        "wrong value: found \"5\", expected a range of broker ids, the lower first, such as 0-99"),
                Arguments.of(
                        CLUSTERS + "listeners: [{name: a, bind: \"127.0.0.1:9192\", brokerPorts: {nodeIds: ^1}},"
                                + " {name: b, bind: \"127.0.0.1:9200\", brokerPorts: {nodeIds: 0-3}}]\n" + POLICY,
                        "wrong value: found \"1\", expected a range of broker ids, the lower first, such as 0-99"),
                Arguments.of(
                        listener("^brokerPorts: {first: 9192, nodeIds: 0-3}"),
                        "the broker ports of listener \"a\" and listener \"a\" (line 2) want the same:"
                                + " found ports 9192 to 9195, expected none of port 9192"),
                Arguments.of(
                        listener("advertisedHost: ^\"kafka.example:9192\""),
                        "wrong value: found \"kafka.example:9192\","
                                + " expected a host name or an address, without a port"),
                Arguments.of(
                        listener("^sni: {bootstrap: kafka.weir.test, broker: \"broker-{id}.weir.test\"}"),
                        "only TLS tells server names: found no \"tls\", expected also \"tls\""),
                Arguments.of(
                        listener(TLS + "sni: {bootstrap: kafka.weir.test, broker: \"broker-{id}.weir.test\"},"
                                + " ^brokerPorts: {first: 9193, nodeIds: 0-9}"),
                        "\"sni\" and \"brokerPorts\" exclude each other: names say which broker, and where:"
                                + " found both, expected one of them"),
                Arguments.of(
                        listener(TLS + "sni: ^{bootstrap: kafka.weir.test, broker: broker.weir.test}"),
                        "the brokers' name needs {id} once, where the node id goes:"
                                + " found \"kafka.weir.test\" and \"broker.weir.test\","
                                + " expected names such as kafka.mesh.example and broker-{id}.kafka.mesh.example"),
                Arguments.of(
                        listener("^" + TLS + "sni: {bootstrap: kafka.weir.test, broker: \"b-{id}.kafka.weir.test\"}"),
                        "the certificate does not hold for b-0.kafka.weir.test:"
                                + " found localhost, *.weir.test, *.localhost, expected subject alternative names for"
                                + " kafka.weir.test and, with a wildcard, for all brokers"),
                Arguments.of(
                        listener("tls: {certificate: certs/listener.pem, key: ^certs/weir-key.pem}"),
                        "this is not the key of the first certificate in listener.pem:"
                                + " found \"certs/weir-key.pem\", expected a PEM private key (PKCS#8)"),
                Arguments.of(
                        listener("tls: {certificate: certs/listener.pem, key: ^certs/rsa.pem}"),
                        "the key is in RSA form; convert it with: openssl pkcs8 -topk8 -nocrypt -in rsa.pem"
                                + " -out pkcs8.key: found \"certs/rsa.pem\", expected a PEM private key (PKCS#8)"),
                Arguments.of(
                        listener("tls: {certificate: certs/listener.pem, key: ^certs/locked.pem}"),
                        "the key is protected by a passphrase, which Weir does not ask for; take it off with:"
                                + " openssl pkcs8 -in locked.pem -out plain.key: found \"certs/locked.pem\","
                                + " expected a PEM private key (PKCS#8)"),
                Arguments.of(
                        listener("tls: {certificate: ^certs/empty.pem, key: certs/listener-key.pem}"),
                        "no certificates can be read from this file: it has none:"
                                + " found \"certs/empty.pem\", expected PEM certificates"),
                Arguments.of(
                        listener("tls: {certificate: certs/listener.pem, key: certs/listener-key.pem,"
                                + " ^clientAuth: required}"),
                        "client certificates cannot be verified without \"clientCa\":"
                                + " expected a PEM file of the authorities that sign them"),
                Arguments.of(
                        listener("tls: {certificate: certs/listener.pem, key: certs/listener-key.pem,"
                                + " principalFrom: [^san-url]}"),
                        "unknown value; did you mean \"san-uri\"?: found \"san-url\","
                                + " expected one of san-dns, san-uri, subject, subject-cn"),
                Arguments.of(
                        listener("sasl: ^{users: secrets/users.txt}"),
                        "PLAIN shows passwords to the network on a listener without TLS: found no \"tls\","
                                + " expected \"tls\", or allowWithoutTls: true where nobody else is on the network"),
                Arguments.of(
                        listener("sasl: {users: secrets/users.txt, mechanisms: [^SCRAM-SHA-1]}"),
                        "unknown value; did you mean \"SCRAM-SHA-512\"?: found \"SCRAM-SHA-1\","
                                + " expected one of OAUTHBEARER, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512"),
                Arguments.of(
                        listener("sasl: {users: secrets/users.txt, ^mechanisms: []}"),
                        "the list \"mechanisms\" is empty: found [], expected at least one of OAUTHBEARER, PLAIN,"
                                + " SCRAM-SHA-256, SCRAM-SHA-512"),
                Arguments.of(
                        listener("sasl: ^{mechanisms: [OAUTHBEARER], allowWithoutTls: true}"),
                        "missing key \"oauthBearer\": expected whose tokens are accepted: at least issuer and audience"),
                Arguments.of(
                        listener("sasl: ^{mechanisms: [OAUTHBEARER],"
                                + " oauthBearer: {issuer: \"https://idp.example\", audience: [kafka]}}"),
                        "OAUTHBEARER shows tokens to the network on a listener without TLS: found no \"tls\","
                                + " expected \"tls\", or allowWithoutTls: true where nobody else is on the network"),
                Arguments.of(
                        listener("sasl: {mechanisms: [OAUTHBEARER], allowWithoutTls: true,"
                                + " oauthBearer: {issuer: ^\"http://idp.example\", audience: [kafka]}}"),
                        "not the address of an identity provider: found \"http://idp.example\","
                                + " expected an https:// address, or http:// on this machine"),
                Arguments.of(
                        listener(
                                "sasl: {mechanisms: [OAUTHBEARER], allowWithoutTls: true,"
                                        + " oauthBearer: {issuer: \"https://idp.example\", audience: [a], algorithms: [^HS256]}}"),
                        "unknown value; did you mean \"ES256\"?: found \"HS256\", expected one of ES256, ES384, ES512,"
                                + " EdDSA, PS256, PS384, PS512, RS256, RS384, RS512"),
                Arguments.of(
                        listener("tls: {certificate: certs/listener.pem, key: certs/listener-key.pem,"
                                + " crl: ^certs/clients-crl.pem}"),
                        "who may take certificates back is not known: found no \"clientCa\","
                                + " expected \"clientCa\", whose authorities sign the list"),
                Arguments.of(
                        CLUSTERS + LISTENERS + POLICY + "topology: {^bind: \"0.0.0.0:9191\"}\n",
                        "other machines could reach it, and nobody would have to log in: found 0.0.0.0:9191,"
                                + " expected a loopback address, \"oidc\", or allowAnonymous: true where the network"
                                + " lets in only those who may"),
                Arguments.of(
                        CLUSTERS + LISTENERS + POLICY + "admin: {^bind: \"kafka.example:9190\"}\n",
                        "other machines could reach it, and nobody would have to log in: found kafka.example:9190,"
                                + " expected a loopback address, or allowAnonymous: true where the network lets in only"
                                + " those who may"),
                Arguments.of(
                        oidc("url: ^\"http://weir.example\", viewers: [\"*\"]"),
                        "wrong value: found \"http://weir.example\","
                                + " expected https://HOST, or http://127.0.0.1:PORT on one machine"),
                Arguments.of(
                        oidc("url: ^\"https://example.org/weir\", viewers: [\"*\"]"),
                        "wrong value: found \"https://example.org/weir\","
                                + " expected https://HOST, or http://127.0.0.1:PORT on one machine"),
                Arguments.of(
                        oidc("url: \"https://weir.example\", ^operators: [\"*\"]"),
                        "not everybody may change things: found \"*\", expected values of the claim"),
                Arguments.of(
                        oidc("url: \"https://weir.example\", viewers: [a], sessionKeyFile: ^secrets/weir.password"),
                        "not a session key: found \"secrets/weir.password\","
                                + " expected 32 random bytes in Base64, as from: openssl rand -base64 32"),
                Arguments.of(
                        registry("url: ^registry.example"),
                        "wrong value: found \"registry.example\", expected the URL of a registry's Confluent-compatible"
                                + " API, such as https://registry.example:8081"),
                Arguments.of(
                        registry("url: ^\"http://r.example\", username: weir, passwordFile: secrets/weir.password"),
                        "the secret would go over the network for everybody to read: found \"http://r.example\","
                                + " expected https, or a registry on this machine"),
                Arguments.of(
                        registry("url: \"https://r\", username: weir, passwordFile: secrets/weir.password,"
                                + " ^tokenFile: secrets/git.token"),
                        "Weir logs in to a registry in one way: found both,"
                                + " expected \"username\" and \"passwordFile\", or \"tokenFile\""),
                Arguments.of(
                        registry("url: \"https://r\", ^passwordFile: secrets/weir.password"),
                        "nothing says whose password it is: expected also \"username\""),
                Arguments.of(
                        registry("url: \"https://r\", tls: ^{certificate: certs/listener.pem}"),
                        "\"certificate\" and \"key\" go together: expected also \"key\""),
                Arguments.of(
                        registry("url: \"https://r\"}, ^{name: main, url: \"https://s\""),
                        "a second schema registry named \"main\"; the first is in line 4"),
                Arguments.of(
                        listener("limits: {inFlightMax: ^0}"),
                        "wrong value: found \"0\", expected a whole number from 1 to 100000"));
    }

    @ParameterizedTest
    @MethodSource("single")
    void eachMistakeHasItsPlaceAndItsWords(String marked, String expected) throws IOException {
        int index = marked.indexOf('^');
        String before = marked.substring(0, index);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = index - before.lastIndexOf('\n');
        assertThat(mistakes(marked.replace("^", "")))
                .containsExactly("weir.yaml:" + line + ":" + column + ": " + expected);
    }

    @Test
    void anEmptyFileLacksEverything() throws IOException {
        assertThat(mistakes("")).containsExactly("weir.yaml: file is empty: expected clusters, listeners and policy");
    }

    @Test
    void theMistakesOfAUsersFileHaveTheirOwnPlace() throws IOException {
        assertThat(mistakes(listener("sasl: {allowWithoutTls: true, users: secrets/bad-users.txt}")))
                .containsExactly("FOLDER/secrets/bad-users.txt:1:10: user \"checkout\": not a password hash;"
                        + " expected pbkdf2-sha256$ITERATIONS$SALT$HASH");
    }

    @Test
    void aFileThatIsNotThereIsAMistakeToo() {
        Path nowhere = folder.resolve("nowhere.yaml");
        assertThat(catchThrowableOfType(InvalidConfigException.class, () -> ConfigFile.read(nowhere)))
                .hasMessage(nowhere + ": file does not exist\n1 mistake in the configuration; nothing was started.");
    }

    private static String cluster(String more) {
        return "clusters: [{name: main, bootstrap: [\"k:9092\"], " + more + "}]\n" + LISTENERS + POLICY;
    }

    private static String registry(String keys) {
        return CLUSTERS + LISTENERS + POLICY + "schemaRegistries: [{name: main, " + keys + "}]\n";
    }

    private static String listener(String more) {
        return CLUSTERS + "listeners: [{name: a, bind: \"127.0.0.1:9192\", " + more + "}]\n" + POLICY;
    }

    private static List<String> mistakes(String yaml) throws IOException {
        Path file = fixture.write(yaml);
        InvalidConfigException failure =
                catchThrowableOfType(InvalidConfigException.class, () -> ConfigFile.read(file));
        return failure.problems().stream()
                .map(problem ->
                        problem.toString().replace(file.toString(), "weir.yaml").replace(folder.toString(), "FOLDER"))
                .toList();
    }

    private static String oidc(String rest) {
        return CLUSTERS + LISTENERS + POLICY + "topology: {oidc: {issuer: \"https://idp.example\", clientId: weir, "
                + rest + "}}\n";
    }
}
