package dev.weir.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlFileTest {
    private final Problems problems = new Problems();

    private List<YamlValue> read(String text) {
        return YamlFile.documents("a.yaml", text, problems);
    }

    private List<String> lines() {
        return problems.all().stream().map(Problem::toString).toList();
    }

    @Test
    void readsEveryTypeWithItsPosition() {
        YamlValue document = read("""
                name: orders
                port: 9092
                tls: true
                poll: 200ms
                mode: dry-run
                hosts: [a, "b"]
                nested: {x: y}
                """).get(0);
        String all = document.object(o -> {
                    assertThat(o.requiredText("name").at()).isEqualTo(new Position("a.yaml", 1, 7));
                    return o.requiredText("name").value()
                            + o.integer("port", 0, 65_535, 1)
                            + o.bool("tls", false)
                            + o.duration("poll", Duration.ZERO, Duration.ofHours(1), Duration.ofDays(1))
                            + o.choice("mode", Map.of("enforce", 1, "dry-run", 2))
                                    .orElse(0)
                            + o.texts("hosts")
                            + o.object("nested", n -> n.requiredText("x").value())
                                    .orElse("");
                })
                .orElse("");
        assertThat(lines()).isEmpty();
        assertThat(all).isEqualTo("orders9092truePT0.2S2[a, b]y");
    }

    @Test
    void reportsAllMistakesAtOnceWithPlaceFoundExpectedAndNearest() {
        read("""
                name: 12
                prot: 1
                port: 70000
                tls: yes
                poll: 3 weeks
                mode: dryrun
                hosts: a
                port: 1
                """)
                .get(0)
                .object(o -> List.of(
                        o.requiredText("name"),
                        o.integer("port", 0, 65_535, 1),
                        o.bool("tls", true),
                        o.duration("poll", Duration.ZERO, Duration.ofHours(1), Duration.ZERO),
                        o.choice("mode", Map.of("enforce", 1, "dry-run", 2)),
                        o.texts("hosts"),
                        o.requiredText("topic")));
        assertThat(lines())
                .containsExactly(
                        "a.yaml:1:1: missing key \"topic\": expected text",
                        "a.yaml:1:7: wrong value: found \"12\", expected text; put it in quotes",
                        "a.yaml:2:1: unknown key; did you mean \"port\"?: found \"prot\", expected one of hosts, mode,"
                                + " name, poll, port, tls, topic",
                        "a.yaml:3:7: wrong value: found \"70000\", expected a whole number from 0 to 65535",
                        "a.yaml:4:6: wrong value: found \"yes\", expected true or false",
                        "a.yaml:5:7: wrong value: found \"3 weeks\", expected a length of time such as 500ms, 10s, 5m or"
                                + " 1h, from 0s to 3600s",
                        "a.yaml:6:7: unknown value; did you mean \"dry-run\"?: found \"dryrun\", expected one of dry-run,"
                                + " enforce",
                        "a.yaml:7:8: wrong value: found \"a\", expected a list",
                        "a.yaml:8:1: duplicate key; it already stands in line 3: found \"port\", expected each key once");
    }

    @Test
    void keepsTheDocumentsBeforeASyntaxError() {
        assertThat(read("a: 1\n---\nb: [1, 2\n---\nc: 3\n")).hasSize(1);
        assertThat(lines()).singleElement().asString().startsWith("a.yaml:4:1: not valid YAML while parsing a flow");
    }

    @Test
    void namesATab() {
        read("a:\n\t- 1\n");
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("a.yaml:2:1: not valid YAML")
                .contains("TAB");
    }

    @Test
    void refusesAnchorsAliasesAndTags() {
        assertThat(read("a: &x [1]\nb: *x\nc: !!java.lang.Object {}\n")).isEmpty();
        assertThat(lines())
                .containsExactly(
                        "a.yaml:1:4: anchors and aliases are not accepted; write the value out: found anchor &x",
                        "a.yaml:2:4: anchors and aliases are not accepted; write the value out: found alias *x",
                        "a.yaml:3:4: tags are not accepted: found tag tag:yaml.org,2002:java.lang.Object");
    }

    @Test
    void limitsDepthAndSize() {
        assertThat(read("[".repeat(100_000))).isEmpty();
        assertThat(lines())
                .singleElement()
                .asString()
                .isEqualTo("a.yaml:1:33: nested too deeply: expected at most 32 levels");
        Problems size = new Problems();
        assertThat(YamlFile.documents("big.yaml", new byte[YamlFile.BYTES_MAX + 1], size))
                .isEmpty();
        assertThat(size.all()).singleElement().asString().startsWith("big.yaml: file is too large");
    }

    @Test
    void saysWhereAFileIsNotUtf8() {
        byte[] content = "a: 1\nb: x\u00e4\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(YamlFile.documents("a.yaml", content, problems)).isEmpty();
        assertThat(lines()).containsExactly("a.yaml:2:5: file is not UTF-8: found byte 0xe4, expected UTF-8 text");
    }

    @Test
    void saysWhereAControlCharacterStands() {
        assertThat(read("a: 1\nb: \u0007\n")).isEmpty();
        assertThat(lines())
                .containsExactly(
                        "a.yaml:2:4: character that YAML does not allow: found U+0007, expected printable text");
    }

    @Test
    void skipsEmptyDocumentsAndAByteOrderMark() {
        assertThat(read("\uFEFF# only a comment\n---\n---\na: 1\n")).hasSize(1);
        assertThat(lines()).isEmpty();
    }

    @Test
    void doesNotSuggestWhatIsFar() {
        assertThat(Nearest.of("checkuot", List.of("payments", "checkout"))).contains("checkout");
        assertThat(Nearest.of("x", List.of("payments", "checkout"))).isEmpty();
        assertThat(Nearest.of("ORDERS", List.of("orders"))).contains("orders");
    }

    @Test
    void aBareNumberIsNoLengthOfTime() {
        for (String written : List.of("30", "\"30\"")) {
            read("poll: " + written + "\n")
                    .get(0)
                    .object(o -> o.duration("poll", Duration.ZERO, Duration.ofHours(1), Duration.ZERO));
        }
        assertThat(lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .isEqualTo(
                                "a.yaml:1:7: a length of time needs a unit, such as 30s: found \"30\", expected a length"
                                        + " of time such as 500ms, 10s, 5m or 1h, from 0s to 3600s"));
    }
}
