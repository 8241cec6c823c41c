package dev.weir.cli.policy;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {
    private static final String SAMPLE = "../deploy/demo-policy";

    @TempDir
    private Path folder;

    @Test
    void theSampleIsValidAndItsTestsPass() throws IOException {
        Result validate = weir("policy", "validate", SAMPLE);
        assertThat(validate.exitCode()).isZero();
        assertThat(validate.out()).isEqualTo("9 files, no mistakes.\n");

        Result test = weir("policy", "test", SAMPLE, "--json");
        assertThat(test.exitCode()).isZero();
        JsonNode answer = new ObjectMapper().readTree(test.out());
        assertThat(answer.path("good").asBoolean()).isTrue();
        assertThat(answer.path("failed").asInt()).isZero();
        assertThat(answer.path("tests").size())
                .isEqualTo(answer.path("passed").asInt())
                .isPositive();
    }

    @Test
    void mistakesAreShownWithTheirPlaceAndAnswerNo() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"),
                "apiVersion: weir.dev/v1\nkind: Servise\nmetadata: {name: a, owner: b}\nspec: {}\n");
        Result result = weir("policy", "validate", folder.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains(folder + "/a.yaml:2:7: ", "did you mean \"Service\"?");

        Result test = weir("policy", "test", folder.toString());
        assertThat(test.exitCode()).isEqualTo(1);
        assertThat(test.out()).endsWith("; tests are run once there are none.\n");

        JsonNode json = new ObjectMapper()
                .readTree(
                        weir("policy", "validate", "--json", folder.toString()).out());
        assertThat(json.path("valid").asBoolean()).isFalse();
        assertThat(json.path("problems").get(0).path("line").asInt()).isEqualTo(2);
    }

    @Test
    void aFailedTestAnswersNo() throws IOException {
        String orders = Files.readString(Path.of(SAMPLE, "orders.yaml"));
        for (String file : new String[] {"services.yaml", "mesh.yaml"}) {
            Files.copy(Path.of(SAMPLE, file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("orders.yaml"), orders.replace("expect: dry-run", "expect: deny"));
        Result result = weir("policy", "test", folder.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains(folder + "/orders.yaml:", "test failed")
                .contains(" passed, 1 failed");
    }

    @Test
    void explainsWhoMayAndWhoMayNot() throws IOException {
        Result may = explain("--as", "payments", "--do", "consume", "--topic", "orders", "--group", "payments");
        assertThat(may.exitCode()).isZero();
        assertThat(may.out())
                .startsWith("payments, consume topic orders, group payments: ALLOW\n")
                .contains("by orders/read (" + SAMPLE + "/orders.yaml:");

        Result mayNot = explain("--as", "shipping", "--do", "consume", "--topic", "orders");
        assertThat(mayNot.exitCode()).isEqualTo(1);
        assertThat(mayNot.out()).contains("DENY", "orders/not-shipping", "nearest rule");

        Result dryRun = explain("--as", "analytics", "--do", "consume", "--topic", "orders", "--json");
        assertThat(dryRun.exitCode()).isZero();
        assertThat(new ObjectMapper().readTree(dryRun.out()).path("decision").asText())
                .isEqualTo("dry-run");

        assertThat(explain("--as", "nobody", "--do", "consume", "--topic", "orders")
                        .out())
                .contains("\"nobody\" is no Service of this policy");
    }

    @Test
    void explainsWhichFaultsAndQuotasAreMet() throws IOException {
        Files.writeString(folder.resolve("policy.yaml"), """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: shop}
                spec: {identities: [{sasl: shop}]}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: orders}
                spec: {topics: [orders], rules: [{id: write, allow: [produce], services: [shop]}]}
                ---
                apiVersion: weir.dev/v1
                kind: Fault
                metadata: {name: slow}
                spec: {service: shop, clientId: "web-*", topics: [orders], share: 5%, delay: 200ms}
                ---
                apiVersion: weir.dev/v1
                kind: Quota
                metadata: {name: little}
                spec: {service: shop, requests: 50}
                """);
        String[] question = {
            "policy", "explain", folder.toString(), "--as", "shop", "--do", "produce", "--topic", "orders"
        };
        assertThat(weir(question).out())
                .contains("  Fault slow (", "delay of 200 ms for 5% of the requests of shop as web-*")
                .contains("  Quota little (", "at most 50 requests a second, through each proxy");
        String[] asAnother = Arrays.copyOf(question, question.length + 3);
        System.arraycopy(new String[] {"--client-id", "batch", "--json"}, 0, asAnother, question.length, 3);
        assertThat(new ObjectMapper().readTree(weir(asAnother).out()).path("meets"))
                .singleElement()
                .satisfies(met -> assertThat(met.path("name").asText()).isEqualTo("little"));
    }

    @Test
    void anOperationIsAskedForInPolicysWordsOrInThoseOfKafkasTools() {
        Result policys = explain("--as", "checkout", "--do", "alterConfigs", "--topic", "orders");
        assertThat(policys.exitCode()).isEqualTo(1);
        assertThat(policys.out()).startsWith("checkout, alterConfigs topic orders: DENY\n");
        assertThat(explain("--as", "checkout", "--do", "alter-configs", "--topic", "orders")
                        .out())
                .isEqualTo(policys.out());
        assertThat(weir("policy", "explain", "--help").out())
                .contains("alterConfigs")
                .doesNotContain("alter-configs");
    }

    @Test
    void whatCannotBeAskedIsUnusable() {
        assertThat(explain("--as", "a", "--do", "consume").exitCode()).isEqualTo(2);
        assertThat(explain("--as", "a", "--do", "fly", "--topic", "orders").err())
                .contains("unknown action fly");
        assertThat(weir("policy", "validate", folder.resolve("nowhere").toString())
                        .exitCode())
                .isEqualTo(2);
        assertThat(weir("policy").exitCode()).isEqualTo(2);
    }

    private static Result explain(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "policy";
        all[1] = "explain";
        all[2] = SAMPLE;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return weir(all);
    }
}
