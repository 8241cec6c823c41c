package dev.weir.cli.identity;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityExplainCommandTest {
    private static final String POLICY = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: payments}
            spec:
              identities:
                - san: spiffe://shop/payments
                - claims: {iss: "https://idp.example", sub: payments}
                - sasl: shared
            ---
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: fraud}
            spec: {identities: [{san: spiffe://shop/fraud}]}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: orders}
            spec:
              topics: [orders]
              rules: [{id: read, allow: [consume], services: [payments], groups: ["payments*"]}]
            ---
            apiVersion: weir.dev/v1
            kind: IdentityPropagation
            metadata: {name: who-wrote}
            spec: {topics: [orders, "audit.*"], headers: {principal: true}}
            ---
            apiVersion: weir.dev/v1
            kind: IdentityPropagation
            metadata: {name: who-paid}
            spec: {topics: [payments], headers: {principal: true, signature: true}, mode: dry-run}
            ---
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: till}
            spec: {identities: [{claims: {azp: till, groups: writers}}]}
            """;

    @TempDir
    private static Path folder;

    private static String policy;

    @BeforeAll
    static void write() throws IOException {
        policy = Files.createDirectory(folder.resolve("policy")).toString();
        Files.writeString(Path.of(policy, "p.yaml"), POLICY);
    }

    private static Result explain(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "identity";
        all[1] = "explain";
        all[2] = policy;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return weir(all);
    }

    private static String token(String payload) throws IOException {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String text = encoder.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(payload.getBytes(StandardCharsets.UTF_8)) + ".c2lnbmF0dXJl";
        return Files.writeString(folder.resolve("token"), text).toString();
    }

    @Test
    void aCertificateIsAServiceByALineOfThePolicy() {
        Result result = explain("--san", "spiffe://shop/payments");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("User:spiffe://shop/payments (by mTLS) is Service payments; policy sha256:")
                .contains("  by san: spiffe://shop/payments (" + policy + "/p.yaml:6)\n")
                .contains("may:\n  consume: topic orders, group payments*  by orders/read (" + policy + "/p.yaml:");
    }

    @Test
    void recordsTellWhoWroteThemAndItSaysWhenThatHolds() {
        assertThat(explain("--san", "spiffe://shop/payments").out())
                .contains("consumers are told who wrote its records, as weir-principal: payments\n")
                .contains("  topic orders, audit.*  by who-wrote (" + policy
                        + "/p.yaml:24) [a proof only where nobody but Weir can write to the topic]\n")
                .contains("  topic payments  by who-paid (" + policy + "/p.yaml:29) [dry-run: not told yet]\n");
        assertThat(explain("--san", "spiffe://shop/nobody").out())
                .contains("as weir-principal: User:spiffe://shop/nobody");
    }

    @Test
    void aTokenNamesItsPrincipalAndGroupsAsTheListenerIsToldTo() throws IOException {
        String token = token("{\"sub\":\"0815\",\"azp\":\"till\",\"realm_access\":{\"roles\":[\"writers\"]}}");

        assertThat(explain("--token", token).out())
                .contains("User:0815 (by OAUTHBEARER) is no Service")
                .contains("the token has no claim groups");
        assertThat(explain("--token", token, "--principal-claim", "azp", "--groups-claim", "realm_access.roles")
                        .out())
                .contains("User:till (by OAUTHBEARER) is Service till");
        Result ofAMesh = weir(
                "identity", "explain", "--token", token, "--principal-claim", "azp", "--api", "http://127.0.0.1:1");
        assertThat(ofAMesh.exitCode()).isEqualTo(2);
        assertThat(ofAMesh.err()).contains("a running mesh knows what its listeners take from tokens");
    }

    @Test
    void aTokenIsReadButNotVerifiedAndSaysSo() throws IOException {
        Result result = explain("--token", token("{\"iss\":\"https://idp.example\",\"sub\":\"payments\",\"exp\":1}"));

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .startsWith("Of the token only the claims were read: its signature was not verified here.\n")
                .contains("User:payments (by OAUTHBEARER) is Service payments")
                .contains("  by claims: {iss: https://idp.example, sub: payments} (");
        assertThat(explain("--token", token("{\"iss\":\"https://other.example\",\"sub\":\"payments\"}"))
                        .out())
                .contains("is no Service")
                .contains("its claim iss is ", "https://other.example", ", not https://idp.example");
    }

    @Test
    void whoIsNobodyOrSeveralIsToldWhatItNearlyIs() {
        Result nobody = explain("--san", "spiffe://shop/payment");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.out())
                .contains("is no Service", "nearly, but not:\n  payments, san: spiffe://shop/payments (");
        Result several = explain("--san", "spiffe://shop/payments", "--san", "spiffe://shop/fraud");
        assertThat(several.exitCode()).isEqualTo(1);
        assertThat(several.out())
                .contains("is SEVERAL Services, which is refused: fraud, payments", " of fraud\n", " of payments\n");
    }

    @Test
    void answersInJson() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(explain("--sasl", "shared", "--json").out());
        assertThat(json.path("services").get(0).asText()).isEqualTo("payments");
        assertThat(json.path("by").get(0).path("line").asInt()).isEqualTo(8);
        assertThat(json.path("rights").get(0).path("rule").asText()).isEqualTo("orders/read");
    }

    @Test
    void whatDoesNotGoTogetherIsSaid() throws IOException {
        assertThat(explain("--san", "a", "--sasl", "b").err()).contains("one of a certificate");
        assertThat(explain("--sasl", "a", "--mechanism", "MD5").err()).contains("unknown mechanism \"MD5\"");
        assertThat(explain("--subject", "no name").err()).contains("is no distinguished name");
        assertThat(explain("--connection", "1").err()).contains("a folder knows no connections");
        String secret = Files.writeString(folder.resolve("not"), "hunter2").toString();
        assertThat(explain("--token", secret).err())
                .contains("holds no signed JWT")
                .doesNotContain("hunter2");
    }
}
