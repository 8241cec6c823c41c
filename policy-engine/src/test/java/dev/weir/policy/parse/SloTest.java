package dev.weir.policy.parse;

import static dev.weir.policy.Policies.file;
import static dev.weir.policy.Policies.mesh;
import static dev.weir.policy.Policies.parse;
import static dev.weir.policy.Policies.problems;
import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.topicAccess;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Slo;
import dev.weir.policy.yaml.Problem;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SloTest {
    private static final String HEAD = service("payments")
            + topicAccess("t", "id: read, allow: [consume], services: [payments], topics: [orders]");
    private static final String GOOD =
            "service: payments, topics: [orders], objective: 99.9%, within: 30s, window: 30d";

    private static String slo(String spec) {
        return "apiVersion: weir.dev/v1\nkind: Slo\nmetadata: {name: in-time, owner: team}\nspec: {" + spec
                + "}\n---\n";
    }

    private static String one(String spec) {
        List<String> problems = problems(HEAD + slo(spec));
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void readsAnObjective() {
        Slo slo = parse(HEAD + slo(GOOD)).slos().get(0);
        assertThat(slo.name()).isEqualTo("in-time");
        assertThat(slo.owner()).isEqualTo("team");
        assertThat(slo.service()).contains("payments");
        assertThat(slo.group()).isEmpty();
        assertThat(slo.cluster()).isEmpty();
        assertThat(slo.topics()).containsExactly(new NamePattern("orders", false));
        assertThat(slo.objective()).isEqualByComparingTo(new BigDecimal("0.999"));
        assertThat(slo.within()).isEqualTo(Duration.ofSeconds(30));
        assertThat(slo.window()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void aGroupNeedsNoService() {
        Slo slo = parse(slo("group: payments-v1, cluster: main, topics: [\"orders*\"], objective: 99 %, within: 5m"))
                .slos()
                .get(0);
        assertThat(slo.group()).contains("payments-v1");
        assertThat(slo.service()).isEqualTo(Optional.empty());
        assertThat(slo.cluster()).contains("main");
        assertThat(slo.window()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void refusesObjectivesThatCouldNeverFire() {
        assertThat(one(GOOD.replace("99.9%", "100%")))
                .contains("leaves no budget", "found \"100%\", expected 93.06% to 99.999999%");
        assertThat(one(GOOD.replace("99.9%", "93%")))
                .contains("the fast-burn alert could never fire", "14.4 times", "which is 100.8% of all");
        assertThat(one(GOOD.replace("99.9%", "93.05%"))).contains("could never fire");
        assertThat(problems(HEAD + slo(GOOD.replace("99.9%", "93.06%")))).isEmpty();
        assertThat(one(GOOD.replace("30d", "2d")))
                .contains("shorter than the 3 days over which the slow-burn alert looks", "expected from 3d to 30d");
        assertThat(one(GOOD.replace("[orders]", "[order]")))
                .contains("Service payments may not consume from any such topic", "found \"order\"");
        assertThat(problems(mesh("dry-run") + HEAD + slo(GOOD.replace("[orders]", "[order]"))))
                .as("in dry-run everything is consumed")
                .isEmpty();
    }

    @Test
    void refusesWhatIsMisspelledOrMissing() {
        assertThat(one(GOOD.replace("service: payments", "service: paymets")))
                .contains("unknown Service; did you mean \"payments\"?");
        assertThat(one(GOOD + ", group: g")).contains("one Service or one group: found service and group");
        assertThat(one(GOOD.replace("service: payments, ", ""))).contains("found neither");
        assertThat(one(GOOD.replace("service: payments", "group: \"g*\"")))
                .contains("the name of a group; for all groups of a Service, service");
        assertThat(one(GOOD.replace("99.9%", "99.9"))).contains("found \"99.9\", expected a percentage such as 99.9%");
        assertThat(one(GOOD.replace("99.9%", "most"))).contains("a percentage such as 99.9%");
        assertThat(one(GOOD.replace("within: 30s, ", ""))).contains("missing key \"within\"");
        assertThat(one(GOOD.replace("within: 30s", "within: 2d"))).contains("from 1s to 1d");
        assertThat(one(GOOD.replace("objective", "objectiv") + ", objective: 99%"))
                .contains("did you mean \"objective\"?");
        assertThat(problems(HEAD + slo(GOOD) + slo(GOOD)).toString()).contains("Slo in-time is declared twice; first");
    }

    @Test
    void reportsAllMistakesAtOnceWithTheirPlaces() {
        String text = slo("topics: [], objective: 80%, within: soon, window: 1h");
        assertThat(PolicyParser.parse(List.of(file("slo.yaml", text))).problems())
                .hasSize(5)
                .allSatisfy(problem -> assertThat(problem.line()).isEqualTo(4))
                .extracting(Problem::file)
                .containsOnly("slo.yaml");
    }
}
