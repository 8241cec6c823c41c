package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.v1.Audit;
import dev.weir.topology.view.ApiRefusal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is turned away at dashboard and API, as the audit has it. */
class RefusedAuditTest {
    private static final List<String> CANARIES = List.of("payments-v2");

    @Test
    void aLogInThatFailsIsOneOfTheDashboard() {
        Audit audit = audit(new ApiRefusal.LogIn("", true, "10.1.2.3", "its bearer token is not taken"));
        assertThat(audit.getKind()).isEqualTo(Audit.Kind.LOG_IN_FAILED);
        assertThat(audit.getClient().getListener()).isEqualTo("dashboard");
        assertThat(audit.getClient().getPrincipal()).isEmpty();
        assertThat(audit.getClient().getMechanism()).isEqualTo("OIDC");
        assertThat(audit.getClient().getSource()).isEqualTo("10.1.2.3");
        assertThat(audit.getReason()).isEqualTo("its bearer token is not taken");
    }

    @Test
    void whoMayNotTellACanaryWhatToDoIsDenied() {
        Audit audit = audit(change("payments-v2", "abort"));
        assertThat(audit.getKind()).isEqualTo(Audit.Kind.DENIED);
        assertThat(audit.getClient().getPrincipal()).isEqualTo("nora");
        assertThat(audit.getResourceType()).isEqualTo("CANARY");
        assertThat(audit.getResourceName()).isEqualTo("payments-v2");
        assertThat(audit.getRule()).isEqualTo("operators-only");
        assertThat(audit.getReason()).isEqualTo("abort: has not the role of an operator");
    }

    @Test
    void aCanaryThatPolicyDoesNotHaveHasNoNameThere() {
        assertThat(audit(change("made up", "abort")).getResourceName()).isEqualTo("(not in policy)");
        assertThat(audit(change("", "")).getReason()).isEqualTo("has not the role of an operator");
    }

    private static ApiRefusal change(String canary, String action) {
        return new ApiRefusal.Change(
                "nora", "OIDC", true, "10.1.2.3", canary, action, "has not the role of an operator");
    }

    private static Audit audit(ApiRefusal refusal) {
        return MeshAudit.refused("main", refusal, CANARIES).what();
    }
}
