package dev.weir.policy.parse;

import static dev.weir.policy.Policies.NOW;
import static dev.weir.policy.Policies.parse;
import static dev.weir.policy.Policies.problems;
import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.Policies;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.FaultApi;
import dev.weir.policy.decide.FaultEffect;
import dev.weir.policy.decide.FaultError;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.model.Fault;
import dev.weir.policy.model.NamePattern;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {
    private static final short PRODUCE = FaultApi.PRODUCE.apiKey();
    private static final short FETCH = FaultApi.FETCH.apiKey();
    private static final RandomGenerator RANDOM = new SplittableRandom(7);

    private static String fault(String name, String spec) {
        return "apiVersion: weir.dev/v1\nkind: Fault\nmetadata: {name: " + name + ", owner: team}\nspec: {" + spec
                + "}\n---\n";
    }

    private static Fault read(String spec) {
        return parse(service("shop") + fault("f", "service: shop, " + spec))
                .faults()
                .get(0);
    }

    private static CompiledSnapshot compile(String... faults) {
        return Policies.compile(service("shop") + service("other") + String.join("", faults));
    }

    private static List<String> drawn(CompiledSnapshot policy, String user, String clientId, short api) {
        return policy.authorizer(user(user), clientId).faults().draw(api, RANDOM).stream()
                .map(FaultPolicy::name)
                .toList();
    }

    @Test
    void readsADocument() {
        Fault read = read("clientId: \"till-*\", apis: [Produce, Fetch], topics: [orders, \"o.*\"], share: 2.5%,"
                + " error: NOT_LEADER_OR_FOLLOWER, expires: 2030-01-31, mode: dry-run");
        assertThat(read.owner()).isEqualTo("team");
        assertThat(read.service()).isEqualTo("shop");
        assertThat(read.clientId()).contains(new NamePattern("till-", true));
        assertThat(read.apis()).containsExactlyInAnyOrder(FaultApi.PRODUCE, FaultApi.FETCH);
        assertThat(read.topics()).containsExactly(new NamePattern("orders", false), new NamePattern("o.", true));
        assertThat(read.shareBasisPoints()).isEqualTo(250);
        assertThat(read.effect()).isEqualTo(new FaultEffect.Fail(FaultError.NOT_LEADER_OR_FOLLOWER));
        assertThat(read.expires()).contains(Instant.parse("2030-01-31T00:00:00Z"));
    }

    @Test
    void hitsEveryRequestIfNothingElseIsWritten() {
        Fault read = read("delay: 200ms");
        assertThat(read.effect()).isEqualTo(new FaultEffect.Delay(200));
        assertThat(read.shareBasisPoints()).isEqualTo(FaultPolicy.ALL_BASIS_POINTS);
        assertThat(read.apis()).isEmpty();
        assertThat(read("disconnect: true").effect()).isEqualTo(new FaultEffect.Disconnect());
        assertThat(read("throttle: 2s").effect()).isEqualTo(new FaultEffect.Throttle(2_000));
        assertThat(read("delay: 1s, topics: [orders]").apis()).isEqualTo(FaultApi.OF_TOPICS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            delay: 1s, throttle: 1s                                 | a Fault does one thing: found delay and throttle
            share: 1%                                               | a Fault does one thing: found none
            delay: 2m                                               | expected a length of time such as 500ms, 10s, 5m or 1h, from 1ms to 60s
            throttle: 11s                                           | from 1ms to 10s
            disconnect: false                                       | this says nothing: found false, expected true, or no such key
            delay: 1s, share: 0%                                    | not a share
            delay: 1s, share: 5                                     | not a share: found "5", expected a percentage
            error: NOT_COORDINATOR                                  | each API has errors of its own, so "error" needs "apis"
            error: NOT_COORDINATOR, apis: [Produce]                 | Produce is not answered with NOT_COORDINATOR
            error: NOT_COORDINATOR, apis: [ShareFetch]              | expected delay, disconnect or throttle for this API
            error: DUPLICATE_SEQUENCE_NUMBER, apis: [Produce]       | unknown value
            error: OFFSET_OUT_OF_RANGE, apis: [Fetch]               | unknown value
            delay: 1s, apis: [Prodcue]                              | did you mean "Produce"
            delay: 1s, apis: []                                     | the list "apis" is empty
            delay: 1s, apis: [Heartbeat], topics: [orders]          | expected Produce, Fetch, ListOffsets, Metadata
            delay: 1s, expires: tomorrow                            | not a date
            """)
    void saysWhatIsWrong(String spec, String expected) {
        List<String> problems = problems(service("shop") + fault("f", "service: shop, " + spec));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0)).startsWith("p.yaml:").contains(expected);
    }

    @Test
    void isAboutOneServiceThatExists() {
        assertThat(problems(fault("f", "service: \"*\", delay: 1s")).get(0)).contains("one Service is meant");
        assertThat(problems(service("shop") + fault("f", "service: shopp, delay: 1s"))
                        .get(0))
                .contains("shop");
        assertThat(problems(fault("f", "delay: 1s")).get(0)).contains("missing key \"service\"");
        assertThat(problems(service("shop")
                                + fault("f", "service: shop, delay: 1s")
                                + fault("f", "service: shop, delay: 1s"))
                        .get(0))
                .contains("Fault f is declared twice");
    }

    @Test
    void isDrawnForItsClientsAndApisAlone() {
        CompiledSnapshot policy = compile(
                fault("slow", "service: shop, delay: 1s, apis: [Produce]"),
                fault("till", "service: shop, delay: 1s, clientId: \"till-*\""));
        assertThat(drawn(policy, "shop", "till-1", PRODUCE)).containsExactly("slow", "till");
        assertThat(drawn(policy, "shop", "till-1", FETCH)).containsExactly("till");
        assertThat(drawn(policy, "shop", "web", FETCH)).isEmpty();
        assertThat(drawn(policy, "other", "till-1", PRODUCE)).isEmpty();
        assertThat(drawn(policy, "nobody", "till-1", PRODUCE)).isEmpty();
        assertThat(policy.authorizer(user("shop"), "web").faults().isEmpty()).isFalse();
        assertThat(policy.authorizer(user("other"), "web").faults().isEmpty()).isTrue();
        assertThat(policy.faults()).extracting(FaultPolicy::name).containsExactly("slow", "till");
        assertThat(policy.faults().get(0).rule().line()).isEqualTo(13);
    }

    @Test
    void isDrawnForItsShare() {
        CompiledSnapshot policy = compile(fault("some", "service: shop, delay: 1s, share: 10%"));
        RandomGenerator seeded = new SplittableRandom(42);
        long hits = 0;
        for (int i = 0; i < 100_000; i++) {
            hits += policy.authorizer(user("shop"), "")
                    .faults()
                    .draw(PRODUCE, seeded)
                    .size();
        }
        assertThat(hits).isBetween(9_700L, 10_300L);
    }

    @Test
    void endsByItself() {
        String text = service("shop") + fault("brief", "service: shop, delay: 1s, expires: 2026-06-01T12:00:01Z");
        CompiledSnapshot before = Policies.compile(text);
        assertThat(before.nextExpiry()).contains(NOW.plusSeconds(1));
        assertThat(before.faults()).hasSize(1);
        assertThat(before.faults().get(0).expires()).isEqualTo(NOW.plusSeconds(1));
        CompiledSnapshot after = CompiledSnapshot.compile(before.policy(), "rev", NOW.plusSeconds(1));
        assertThat(after.faults()).isEmpty();
        assertThat(drawn(after, "shop", "", PRODUCE)).isEmpty();
    }

    @Test
    void isDryWhereItOrTheMeshIs() {
        String dry = fault("dry", "service: shop, delay: 1s, mode: dry-run");
        assertThat(compile(dry).faults().get(0).dryRun()).isTrue();
        String plain = fault("plain", "service: shop, delay: 1s");
        assertThat(compile(plain).faults().get(0).dryRun()).isFalse();
        assertThat(compile(plain, Policies.mesh("dry-run")).faults().get(0).dryRun())
                .isTrue();
    }

    @Test
    void canBeNarrowedToTopics() {
        FaultPolicy fault = compile(fault("f", "service: shop, delay: 1s, topics: [orders, \"o.*\"]"))
                .faults()
                .get(0);
        assertThat(fault.concerns("orders")).isTrue();
        assertThat(fault.concerns("o.x")).isTrue();
        assertThat(fault.concerns("orders2")).isFalse();
        assertThat(fault.concerns(FaultApi.HEARTBEAT.apiKey())).isFalse();
        assertThat(compile(fault("f", "service: shop, delay: 1s"))
                        .faults()
                        .get(0)
                        .concerns("anything"))
                .isTrue();
    }
}
