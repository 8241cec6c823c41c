package dev.weir.policy.parse;

import static dev.weir.policy.Policies.compile;
import static dev.weir.policy.Policies.parse;
import static dev.weir.policy.Policies.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Mirroring;
import dev.weir.policy.decide.Mirroring.Selection;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.model.Mirror;
import dev.weir.policy.model.NamePattern;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MirrorTest {

    private static String mirror(String name, String spec) {
        return "apiVersion: weir.dev/v1\nkind: Mirror\nmetadata: {name: " + name + ", owner: team}\nspec: {" + spec
                + "}\n---\n";
    }

    private static Mirror read(String spec) {
        return parse(mirror("m", spec)).mirrors().get(0);
    }

    private static String one(String spec) {
        List<String> problems = problems(mirror("m", spec));
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void readsADocument() {
        Mirror read = read("topics: [orders, \"o.*\"], to: {cluster: staging, topic: \"mirror.{topic}\"},"
                + " create: {partitions: 6, replicationFactor: 3}, transactions: uncommitted");
        assertThat(read.name()).isEqualTo("m");
        assertThat(read.owner()).isEqualTo("team");
        assertThat(read.topics()).containsExactly(new NamePattern("orders", false), new NamePattern("o.", true));
        assertThat(read.target().topicOf("orders")).isEqualTo("mirror.orders");
        assertThat(read.target().isFrom("main")).isTrue();
        assertThat(read.target().isFrom("staging")).isFalse();
        assertThat(read.create()).contains(new Mirroring.Creation(6, 3));
        assertThat(read.uncommitted()).isTrue();
        assertThat(read.selection()).isEqualTo(new Selection.All());
    }

    @Test
    void keepsTheNameInAnotherClusterAndRefusesTransactionsIfNothingElseIsWritten() {
        Mirror read = read("topics: [orders], to: {cluster: staging}, create: {}");
        assertThat(read.target().topicOf("orders")).isEqualTo("orders");
        assertThat(read.uncommitted()).isFalse();
        assertThat(read.create()).contains(new Mirroring.Creation(0, 0));
        assertThat(read("topics: [orders], to: {cluster: staging}").create()).isEmpty();
    }

    @Test
    void selectsByShareOrHeader() {
        assertThat(read("topics: [o], to: {topic: p}, share: 0.5%").selection()).isEqualTo(new Selection.Share(50));
        assertThat(read("topics: [o], to: {topic: p}, share: \"100 %\"").selection())
                .isEqualTo(new Selection.All());
        assertThat(read("topics: [o], to: {topic: p}, header: {name: x-tenant, values: [acme, emca]}")
                        .selection())
                .isEqualTo(new Selection.Header("x-tenant", Set.of("acme", "emca")));
        for (String share : List.of("0%", "100.01%", "0.001%", "ten%", "10")) {
            assertThat(one("topics: [o], to: {topic: p}, share: \"" + share + '"'))
                    .contains("not a share: found \"" + share + "\", expected a percentage from 0.01% to 100%");
        }
        assertThat(one("topics: [o], to: {topic: p}, share: 10%, header: {name: h, values: [v]}"))
                .contains("records are selected by one thing");
        assertThat(one("topics: [o], to: {topic: p}, header: {name: h, values: []}"))
                .contains("the list \"values\" is empty");
    }

    @Test
    void isFoundByTopic() {
        TopicTable<Mirroring> table = compile(mirror("all", "topics: [\"*\"], to: {cluster: staging}")
                        + mirror("orders", "topics: [orders], to: {topic: orders-shadow}"))
                .mirrors();
        assertThat(table.find("orders")).extracting(Mirroring::name).isEqualTo("orders");
        assertThat(table.find("payments")).extracting(Mirroring::name).isEqualTo("all");
        assertThat(table.find("__consumer_offsets")).isNull();
        assertThat(compile(mirror("orders", "topics: [orders], to: {topic: p}"))
                        .mirrors()
                        .find("payments"))
                .isNull();
    }

    @Test
    void refusesWhatIsMisspelledMissingOrTwofold() {
        assertThat(one("topics: [o], to: {}")).contains("cannot be mirrored onto itself", "expected cluster or topic");
        assertThat(one("topics: [o]")).contains("missing key \"to\"");
        assertThat(one("topics: [o], to: {topic: \"a b\"}")).contains("no topic can have this name");
        assertThat(one("topics: [o], to: {topic: \"{topic}{topic}\"}")).contains("no topic can have this name");
        assertThat(one("topics: [o], to: {topic: \"{tpoic}\"}")).contains("no topic can have this name");
        assertThat(one("topics: [o], to: {topic: \"..\"}")).contains("no topic can have this name");
        assertThat(one("topics: [o], to: {topic: _weir-edge}")).contains("no mirror");
        assertThat(one("topics: [o], to: {topic: \"_weir-{topic}\"}")).contains("no mirror");
        assertThat(one("topics: [o], to: {topic: __consumer_offsets}")).contains("no mirror");
        assertThat(one("topics: [o], to: {topic: p}, transactions: refused")).contains("did you mean \"refuse\"?");
        assertThat(one("topics: [o], to: {topic: p}, create: {partitions: 0}")).contains("a whole number from 1");
        assertThat(problems(mirror("a", "topics: [o], to: {topic: p}") + mirror("b", "topics: [o], to: {topic: q}"))
                        .toString())
                .contains("Mirror a (p.yaml:3:18) is about the same topics");
        assertThat(problems(mirror("a", "topics: [o], to: {topic: p}") + mirror("a", "topics: [p], to: {topic: q}"))
                        .toString())
                .contains("Mirror a is declared twice");
    }

    @Test
    void refusesMirrorsOntoThemselves() {
        for (String spec : List.of(
                "topics: [o], to: {topic: o}",
                "topics: [o], to: {topic: \"{topic}\"}",
                "topics: [\"o*\"], to: {topic: orders}",
                "topics: [\"*\"], to: {topic: \"mirror.{topic}\"}",
                "topics: [\"o*\"], to: {topic: \"{topic}.copy\"}")) {
            assertThat(one(spec)).contains("onto themselves, or in a circle");
        }
    }

    @Test
    void refusesCirclesOfSeveral() {
        for (List<String> specs : List.of(
                List.of("topics: [a], to: {topic: b}", "topics: [b], to: {topic: a}"),
                List.of("topics: [a], to: {cluster: east, topic: b}", "topics: [b], to: {cluster: west, topic: a}"),
                List.of(
                        "topics: [a], to: {cluster: east, topic: b}",
                        "topics: [b], to: {topic: c}",
                        "topics: [c], to: {cluster: west, topic: a}"),
                List.of(
                        "topics: [\"a*\"], to: {topic: \"b.{topic}\"}",
                        "topics: [\"b*\"], to: {topic: \"a.{topic}\"}"))) {
            StringBuilder policy = new StringBuilder();
            for (int i = 0; i < specs.size(); i++) {
                policy.append(mirror("m" + i, specs.get(i)));
            }
            assertThat(problems(policy.toString())).hasSize(specs.size()).allMatch(one -> one.contains("in a circle"));
        }
    }

    @Test
    void takesMirrorsThatLeadElsewhere() {
        assertThat(problems(mirror("all", "topics: [\"*\"], to: {cluster: staging, topic: \"mirror.{topic}\"}")
                        + mirror("orders", "topics: [\"orders*\"], to: {cluster: staging}, share: 1%")
                        + mirror("a", "topics: [a], to: {topic: b}")
                        + mirror("b", "topics: [b], to: {topic: c}")
                        + mirror("east", "topics: [\"east.*\"], to: {cluster: west}")
                        + mirror("west", "topics: [\"west.*\"], to: {cluster: east}")))
                .isEmpty();
    }
}
