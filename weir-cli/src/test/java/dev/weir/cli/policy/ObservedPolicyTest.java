package dev.weir.cli.policy;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.cli.topology.SampleMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy commands that look at traffic. */
class ObservedPolicyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICES =
            service("checkout") + service("payments") + service("shipping") + service("analytics") + service("fraud");

    @TempDir
    private Path folder;

    private SampleMesh mesh;

    @BeforeEach
    void open() throws IOException {
        mesh = new SampleMesh();
    }

    @AfterEach
    void close() {
        mesh.close();
    }

    private static String service(String name) {
        return "apiVersion: weir.dev/v1\nkind: Service\nmetadata: {name: " + name + "}\nspec: {identities: [{sasl: "
                + name + "}]}\n---\n";
    }

    private Result ask(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "policy";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--api";
        all[arguments.length + 2] = mesh.url();
        return weir(all);
    }

    private void policy(String... rules) throws IOException {
        String text = SERVICES + "apiVersion: weir.dev/v1\nkind: TopicAccess\nmetadata: {name: orders}\nspec:\n"
                + "  topics: [orders]\n  rules:\n    - {" + String.join("}\n    - {", rules) + "}\n";
        Files.writeString(folder.resolve("policy.yaml"), text);
    }

    @Test
    void suggestsTheLeastThatServicesNeed() throws IOException {
        Result result = ask("suggest", "--service", "payments");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("# Observed: 3 h, from 2026-06-01T09:00:00Z on; asked for were 7 d.")
                .contains("- {id: consume, allow: [consume], services: [\"payments\"], groups: [\"payments-v1\"]}")
                .doesNotContain("produce]");
        assertThat(ask("suggest", "--service", "payments", "--since", "2h").out())
                .contains("# Observed: 2 h, from 2026-06-01T10:00:00Z on.");

        String analytics = ask("suggest", "--service", "analytics").out();
        assertThat(analytics).contains("the policy in force would deny some of this");
        Files.writeString(folder.resolve("services.yaml"), SERVICES);
        Files.writeString(
                folder.resolve("payments.yaml"),
                ask("suggest", "--service", "checkout").out());
        assertThat(weir("policy", "validate", folder.toString()).out()).isEqualTo("2 files, no mistakes.\n");
    }

    @Test
    void suggestsNothingThatWasDenied() throws IOException {
        Result shipping = ask("suggest", "--service", "shipping", "--json");
        assertThat(shipping.exitCode()).isEqualTo(1);
        JsonNode answer = JSON.readTree(shipping.out());
        assertThat(answer.path("topics")).isEmpty();
        assertThat(answer.path("refused").get(0).asText()).isEqualTo("consume orders");
        assertThat(answer.path("observedMillis").asLong()).isEqualTo(3 * SampleMesh.HOUR);
        assertThat(ask("suggest", "--service", "User:bob").out()).contains("declare one");
        assertThat(ask("suggest", "--service", "nobody").err())
                .contains("nothing was seen of nobody", "seen were User:bob, analytics, checkout, payments, shipping.");
    }

    @Test
    void impactNamesWhatWouldBeCutAndWhatWouldBeOpened() throws IOException {
        policy(
                "id: write, allow: [produce], services: [checkout]",
                "id: read, allow: [consume], services: [analytics, shipping], groups: [analytics, \"shipping*\"]");
        Result result = ask("impact", folder.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("would be cut:\n  payments v1: consume orders in group payments-v1 (4.9/s, last 2.0 s ago)\n"
                        + "      by default-deny")
                .contains("would be allowed, and is denied now:\n  shipping: consume orders in group shipping-2")
                .contains("1 cut, 0 unsure, 0 in dry-run only, 1 newly allowed, 3 as before.")
                .contains("Observed: 3 h, from");
        JsonNode answer =
                JSON.readTree(ask("impact", folder.toString(), "--json").out());
        assertThat(answer.path("cut").get(0).path("service").asText()).isEqualTo("payments");
        assertThat(answer.path("allowed")).hasSize(1);
    }

    @Test
    void impactKnowsWhatConditionsWereSeenToHold() throws IOException {
        policy(
                "id: write, allow: [produce], services: [checkout], when: {mechanism: [PLAIN]}",
                "id: read, allow: [consume], services: [analytics], groups: [analytics], mode: enforce",
                "id: paid, allow: [consume], services: [payments], groups: [\"payments*\"], when: {source: [10.0.0.0/8]}");
        Result unsure = ask("impact", folder.toString());
        assertThat(unsure.exitCode()).isEqualTo(1);
        assertThat(unsure.out()).contains("may be cut", "0 cut, 1 unsure");

        policy(
                "id: write, allow: [produce], services: [checkout]",
                "id: read, allow: [consume], services: [analytics, payments], groups: [\"*\"]");
        Result good = ask("impact", folder.toString());
        assertThat(good.out()).contains("0 cut, 0 unsure, 0 in dry-run only, 0 newly allowed, 5 as before.");
        assertThat(good.exitCode()).isZero();
    }

    @Test
    void impactTakesRevisions() throws IOException, GitAPIException {
        try (Git git = Git.init()
                .setDirectory(folder.toFile())
                .setInitialBranch("main")
                .call()) {
            policy("id: write, allow: [produce], services: [checkout]");
            commit(git, "first");
            policy("id: all, allow: [produce, consume], services: [\"*\"], groups: [\"*\"]");
            commit(git, "second");
        }
        String here = folder.toString();
        assertThat(ask("impact", "HEAD~1", "--repository", here).out()).contains("2 cut");
        assertThat(ask("impact", "main", "--repository", here).out()).contains("0 cut");
        assertThat(ask("impact", "main:nowhere", "--repository", here).err())
                .contains("folder /nowhere: found nothing");
        assertThat(ask("impact", "mian", "--repository", here).err())
                .contains("mian is neither a folder nor a revision of the Git repository at " + folder);
        policy("id: write, allow: [produce], services: [chekout]");
        Result mistaken = ask("impact", here);
        assertThat(mistaken.exitCode()).isEqualTo(2);
        assertThat(mistaken.err()).contains("the policy has mistakes", "did you mean \"checkout\"?");
    }

    private static void commit(Git git, String message) throws GitAPIException {
        git.add().addFilepattern(".").call();
        git.commit()
                .setMessage(message)
                .setSign(false)
                .setAuthor("A", "a@example.org")
                .setCommitter("A", "a@example.org")
                .call();
    }

    @Test
    void unusedListsGrantsAndHowLongItWatched() throws IOException {
        Result result = ask("unused");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("orders/old (orders.yaml:7): fraud may consume orders.*\n")
                .contains("1 grant unused; observed for 3 h.");
        assertThat(JSON.readTree(ask("unused", "--json").out())
                        .path("grants")
                        .get(0)
                        .path("rule")
                        .asText())
                .isEqualTo("orders/old");
    }
}
