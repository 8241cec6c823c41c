package dev.weir.policy.parse;

import static dev.weir.policy.Policies.parse;
import static dev.weir.policy.Policies.problems;
import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.Policies;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Quota;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaTest {

    private static String quota(String name, String spec) {
        return "apiVersion: weir.dev/v1\nkind: Quota\nmetadata: {name: " + name + ", owner: team}\nspec: {" + spec
                + "}\n---\n";
    }

    private static Quota read(String spec) {
        return parse(service("shop") + quota("q", "service: shop, " + spec))
                .quotas()
                .get(0);
    }

    @Test
    void readsADocument() {
        Quota read = read(
                "topics: [orders, \"o.*\"], produceBytes: 10MB, fetchBytes: 1.5 GiB, requests: 500, burst: 2s, mode: dry-run");
        assertThat(read.owner()).isEqualTo("team");
        assertThat(read.topics()).containsExactly(new NamePattern("orders", false), new NamePattern("o.", true));
        assertThat(read.produceBytes()).isEqualTo(10_000_000);
        assertThat(read.fetchBytes()).isEqualTo(1_610_612_736);
        assertThat(read.requests()).isEqualTo(500);
        assertThat(read.burst()).isEqualTo(Duration.ofSeconds(2));
        assertThat(read("requests: 1").burst()).isEqualTo(Duration.ofSeconds(1));
        assertThat(read("requests: 1").produceBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1000B, 1000", "1KB, 1000", "1KiB, 1024", "2.5MB, 2500000", "1MiB, 1048576", "1GB, 1000000000", "1TB, 0"
    })
    void bytesHaveUnits(String written, long bytes) {
        String text = service("shop") + quota("q", "service: shop, produceBytes: " + written);
        if (bytes == 0) {
            assertThat(problems(text).get(0)).contains("a number of bytes such as 500KB, 10MB or 1GiB");
        } else {
            assertThat(parse(text).quotas().get(0).produceBytes()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            burst: 1s                     | a Quota of nothing would change nothing: found none, expected at least one of produceBytes
            produceBytes: 1000            | a number of bytes needs a unit, such as 1000B
            produceBytes: 1B              | from 1KB to 1000GB
            fetchBytes: lots              | wrong value
            requests: 0                   | a whole number from 1 to 10000000
            requests: 10, burst: 1ms      | from 100ms to 60s
            requests: 10, mode: maybe     | unknown value
            requests: 10, share: 10%      | unknown key
            """)
    void saysWhatIsWrong(String spec, String expected) {
        List<String> problems = problems(service("shop") + quota("q", "service: shop, " + spec));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0)).startsWith("p.yaml:").contains(expected);
    }

    @Test
    void isOfOneServiceThatExists() {
        assertThat(problems(quota("q", "service: \"*\", requests: 1")).get(0)).contains("one Service is meant");
        assertThat(problems(service("shop") + quota("q", "service: shopp, requests: 1"))
                        .get(0))
                .contains("shop");
        assertThat(problems(service("shop")
                                + quota("q", "service: shop, requests: 1")
                                + quota("q", "service: shop, requests: 2"))
                        .get(0))
                .contains("Quota q is declared twice");
    }

    @Test
    void isFoundByServiceAsTheSameListEachTime() {
        CompiledSnapshot policy = Policies.compile(service("shop")
                + service("other")
                + quota("all", "service: shop, requests: 5")
                + quota("orders", "service: shop, topics: [orders], produceBytes: 1MB, mode: dry-run"));
        List<QuotaPolicy> quotas = policy.authorizer(user("shop"), "a").quotas();
        assertThat(quotas).extracting(QuotaPolicy::name).containsExactly("all", "orders");
        assertThat(quotas).extracting(QuotaPolicy::dryRun).containsExactly(false, true);
        assertThat(quotas).extracting(QuotaPolicy::isAboutAll).containsExactly(true, false);
        assertThat(policy.authorizer(user("shop"), "b").quotas()).isSameAs(quotas);
        assertThat(policy.authorizer(user("other"), "a").quotas()).isEmpty();
        assertThat(policy.authorizer(user("nobody"), "a").quotas()).isEmpty();
        assertThat(policy.quotas()).isEqualTo(quotas);
    }
}
