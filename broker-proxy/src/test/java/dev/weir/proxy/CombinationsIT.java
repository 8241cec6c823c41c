package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.proxy.config.ListenerUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who authenticates whom: every way of a client to Weir with every way of Weir to brokers, by Kafka's own producer. What is
 * expected is read from the first table of docs/identity.md, so that the document says no more and no less than is so.
 */
class CombinationsIT {
    private static final Path DOCUMENT = Path.of("..", "docs", "identity.md");
    private static final List<String> COLUMNS = List.of("shared", "perPrincipal", "passThrough");

    @TempDir
    private static Path folder;

    private static CombinationsMesh mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = new CombinationsMesh(folder);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    /**
     * One line of the table.
     *
     * @param cells by column, what it says of whom brokers see
     */
    record Row(ClientWay from, List<String> transports, String principal, Map<String, String> cells) {
        static Row of(String line) {
            List<String> cells = Arrays.stream(line.substring(1).split("\\|"))
                    .map(String::strip)
                    .toList();
            return new Row(
                    ClientWay.of(cells.get(0)),
                    List.of(cells.get(1).split(", ")),
                    cells.get(2),
                    Map.of(COLUMNS.get(0), cells.get(3), COLUMNS.get(1), cells.get(4), COLUMNS.get(2), cells.get(5)));
        }
    }

    private static List<Row> table() throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        int head = lines.indexOf("| client shows | over | Weir knows | `shared` | `perPrincipal` | `passThrough` |");
        assertThat(head).as("the table is there").isPositive();
        return lines.stream()
                .skip(head + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .map(Row::of)
                .toList();
    }

    @Test
    void theTableHasEveryWayOfClients() throws IOException {
        List<Row> table = table();
        assertThat(table).extracting(Row::from).containsExactly(ClientWay.values());
        assertThat(table).allSatisfy(row -> {
            assertThat(row.transports()).isEqualTo(row.from().transports());
            assertThat(row.principal()).isEqualTo(principalInWords(row.from()));
        });
    }

    private static String principalInWords(ClientWay from) {
        return switch (from.mechanism()) {
            case NONE -> "`User:anonymous`";
            case MTLS -> "the certificate's name";
            case OAUTHBEARER -> "the name in the token";
            default -> "the user's name";
        };
    }

    /** A client that comes by one row's way, over one transport, to brokers that Weir comes to by one way of a column's. */
    record Combination(BrokerWay to, ClientWay from, boolean tls, String brokersSee) {
        /** As brokers call it. */
        String principal() {
            return switch (brokersSee) {
                case "Weir" -> to.credentials().equals("shared") ? to.principal() : "nobody";
                case "its Service" -> to.credentials().equals("perPrincipal") ? to.principal() : "nobody";
                case "the same name" -> from.principal();
                default -> throw new IllegalArgumentException("brokers see \"" + brokersSee + "\"");
            };
        }

        @Override
        public String toString() {
            return from + (tls ? ", TLS" : ", plaintext") + " -> " + to;
        }
    }

    /** In the order of the ways to brokers, since there is a proxy for each. */
    static Stream<Combination> combinations() throws IOException {
        List<Combination> all = new ArrayList<>();
        List<Row> table = table();
        for (BrokerWay to : mesh.brokerWays()) {
            for (Row row : table) {
                String cell = String.valueOf(row.cells().get(to.credentials()));
                if (!cell.equals("cannot be")) {
                    row.transports()
                            .forEach(transport ->
                                    all.add(new Combination(to, row.from(), transport.equals("TLS"), cell)));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("combinations")
    void brokersSeeWhomTheTableSays(Combination tried) throws Exception {
        mesh.forget();
        FirstSteps.produce(
                mesh.client(tried.to(), tried.from(), tried.tls()), CombinationsMesh.topicOf(tried.principal()));
        assertThat(mesh.asked()).isNotEmpty().allSatisfy(subject -> {
            assertThat(subject.principal().name()).isEqualTo(tried.from().principal());
            assertThat(subject.mechanism()).isEqualTo(tried.from().mechanism());
            assertThat(subject.tls()).isEqualTo(tried.tls());
        });
    }

    static Stream<String> ofOthers() {
        return CombinationsMesh.principals().stream().filter(principal -> !principal.equals(CombinationsMesh.USER));
    }

    /** Else what is written would prove nothing. */
    @ParameterizedTest
    @MethodSource("ofOthers")
    void nobodyMayWriteForAnother(String other) {
        BrokerWay passed = mesh.brokerWays().stream()
                .filter(BrokerWay::isPassThrough)
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() ->
                        FirstSteps.produce(mesh.client(passed, ClientWay.PLAIN, true), CombinationsMesh.topicOf(other)))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void whereNothingIsPassedOnThereIsNoListenerForIt() throws IOException {
        for (Row row : table()) {
            assertThat(row.cells().get("passThrough").equals("cannot be"))
                    .as("%s can be passed on", row.from())
                    .isEqualTo(!row.from().logsIn());
            assertThat(row.cells().get("shared")).isNotEqualTo("cannot be");
            assertThat(row.cells().get("perPrincipal")).isNotEqualTo("cannot be");
        }
        ProxyFixture.Builder without =
                ProxyFixture.inFrontOf("127.0.0.1:9").credentials(new ListenerUpstream.PassThrough("sub"));
        assertThatThrownBy(() -> without.listener("open", null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no SASL to pass on");
    }
}
