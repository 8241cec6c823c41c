package dev.weir.proxy.equivalence;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.equivalence.Case.Kind;
import dev.weir.testkit.net.KafkaFrames;
import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For every API and version: what a user hears through Weir, and brings about, is what it would be at the broker. The
 * table of what was tried is written to {@code target/equivalence.md}.
 */
class ThroughWeirEquivalenceIT {
    private static final Path REPORT = Path.of("target", "equivalence.md");

    private static Laboratory laboratory;
    private static List<Row> rows;

    @BeforeAll
    static void run(@TempDir Path dir) throws Exception {
        laboratory = new Laboratory();
        rows = Experiment.run(laboratory, dir);
        Report.write(REPORT, rows);
    }

    @AfterAll
    static void stop() {
        laboratory.close();
    }

    /** Every API that a broker has on its clients' listeners. */
    static Stream<ApiKeys> apis() {
        return ApiKeys.apisForListener(ApiMessageType.ListenerType.BROKER).stream();
    }

    @ParameterizedTest
    @MethodSource("apis")
    void everyVersionIsTriedAllAllowedMixedAndAllDenied(ApiKeys api) {
        List<String> missing = new ArrayList<>();
        for (short version : Experiment.versions(api)) {
            for (User user : User.values()) {
                if (rows.stream()
                        .noneMatch(row -> row.isOneOf(api) && row.version() == version && row.user() == user)) {
                    missing.add("v" + version + ", " + user.meaning);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("apis")
    void theAnswerIsThatOfKafka(ApiKeys api) {
        assertThat(rows.stream()
                        .filter(row -> row.isOneOf(api)
                                && !row.isSame()
                                && IntendedDifference.of(row).findAny().isEmpty())
                        .map(row -> row + "\n  kafka " + row.kafka() + "\n  weir  " + row.weir()))
                .isEmpty();
    }

    @Test
    void nothingFailsOnBothSides() {
        assertThat(rows)
                .noneMatch(row -> Stream.concat(row.kafka().stream(), row.weir().stream())
                        .anyMatch(heard -> heard.startsWith("failed")));
    }

    @Test
    void theEffectIsThatOfKafka() {
        awaitSettled().untilAsserted(() -> {
            Map<String, String> all = Effects.of(laboratory.admin());
            assertThat(rows.stream()
                            .filter(row -> row.tried().kind() != Kind.READS
                                    && IntendedDifference.of(row).findAny().isEmpty()
                                    && !effect(all, row, Side.KAFKA).equals(effect(all, row, Side.WEIR)))
                            .map(row -> row + "\n  kafka " + effect(all, row, Side.KAFKA) + "\n  weir  "
                                    + effect(all, row, Side.WEIR)))
                    .isEmpty();
        });
    }

    @Test
    void whatIsAllowedHasAnEffectThatWhatIsDeniedHasNot() throws Exception {
        Map<String, String> all = Effects.of(laboratory.admin());
        Map<String, Set<Map<String, String>>> seen = new TreeMap<>();
        for (Row row : rows) {
            if ((row.tried().kind() == Kind.CHANGES || row.tried().kind() == Kind.ADDS) && row.user() != User.ALICE) {
                seen.computeIfAbsent(row.tried().toString(), any -> new java.util.HashSet<>())
                        .add(effect(all, row, Side.WEIR));
            }
        }
        assertThat(seen).allSatisfy((tried, effects) -> assertThat(effects).hasSizeGreaterThan(1));
    }

    private static Map<String, String> effect(Map<String, String> all, Row row, Side side) {
        return Effects.in(all, side.token(row.number()));
    }

    @Test
    void whatIsMeantToDifferDiffers() {
        for (IntendedDifference difference : IntendedDifference.ALL) {
            List<Row> meant =
                    rows.stream().filter(row -> difference.rows().test(row)).toList();
            assertThat(meant).as(difference.what()).allMatch(difference::holds).anyMatch(row -> !row.isSame());
        }
    }

    /** Versions that do not exist or are not stable, and what only controllers speak. */
    static Stream<RequestHeaderData> notServed() {
        return Arrays.stream(ApiKeys.values()).flatMap(api -> {
            Stream<Integer> versions = api.messageType.listeners().contains(ApiMessageType.ListenerType.BROKER)
                    ? Stream.of(api.oldestVersion() - 1, api.latestVersion(false) + 1, api.latestVersion(true) + 1)
                    : Stream.of((int) api.latestVersion());
            return versions.distinct()
                    .filter(version -> version >= 0 || api != ApiKeys.API_VERSIONS)
                    .map(version -> new RequestHeaderData()
                            .setRequestApiKey(api.id)
                            .setRequestApiVersion(version.shortValue()));
        });
    }

    @Test
    void whatKafkaClosesOnIsClosedOn() {
        Map<String, String> kafka = new TreeMap<>();
        Map<String, String> weir = new TreeMap<>();
        notServed().forEach(header -> {
            String name = ApiKeys.forId(header.requestApiKey()) + " v" + header.requestApiVersion();
            kafka.put(name, tell(header, Side.KAFKA));
            weir.put(name, tell(header, Side.WEIR));
        });
        assertThat(weir).isEqualTo(kafka);
    }

    private static String tell(RequestHeaderData header, Side side) {
        try (RawKafkaConnection connection = Laboratory.login(laboratory.open(side), User.ADMIN)) {
            connection.sendFrame(KafkaFrames.encode(header, (short) 2));
            if (header.requestApiKey() != ApiKeys.API_VERSIONS.id) {
                return "closed " + connection.awaitClosedInSilence();
            }
            return Errors.forCode(connection
                            .receive(ApiKeys.API_VERSIONS, (short) 0)
                            .as(ApiVersionsResponseData.class)
                            .errorCode())
                    .toString();
        }
    }
}
