package dev.weir.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.view.AuditEntry;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class AuditTextTest {
    private static final AuditText TEXT = new AuditText(ZoneOffset.UTC);

    private static String line(AuditEntry.Kind kind, String principal, String source, long count, String reason) {
        return TEXT.line(new AuditEntry(
                kind, 0, 0, count, "weir-1", "main", "front", principal, "", "", "", "", "", true, source, "", "", "",
                "", "", "", "", "", reason, "", ""));
    }

    private static String failed(String principal, String source, long count) {
        return line(AuditEntry.Kind.LOG_IN_FAILED, principal, source, count, "what came is not TLS");
    }

    @Test
    void aPrincipalIsNeverCut() {
        String principal = "User:CN=payments-reconciliation,OU=finance,O=Shop";
        assertThat(line(AuditEntry.Kind.LOG_IN, principal, "10.1.2.3", 1, ""))
                .isEqualTo("1970-01-01 00:00:00  log-in   " + principal
                        + " without credentials over TLS on front from 10.1.2.3");
        assertThat(line(AuditEntry.Kind.LOG_IN, "User:a", "10.1.2.3", 1, ""))
                .isEqualTo("1970-01-01 00:00:00  log-in   User:a             without credentials over TLS on front"
                        + " from 10.1.2.3");
    }

    @Test
    void aClientWithoutANameIsNotSeveral() {
        String rest = " without credentials over TLS on front";
        assertThat(failed("", "10.1.2.3", 3))
                .isEqualTo("1970-01-01 00:00:00  NO ENTRY (not named)       " + rest
                        + " from 10.1.2.3: what came is not TLS  x3");
        assertThat(failed("", "", 1)).contains("NO ENTRY (not named) ");
        assertThat(failed("", "", 900)).contains("NO ENTRY (several) ").endsWith("  x900");
    }

    @Test
    void whoMayNotTellACanaryWhatToDoIsDeniedWithTheReason() {
        AuditEntry entry = new AuditEntry(
                AuditEntry.Kind.DENIED,
                0,
                0,
                2,
                "weir-1",
                "main",
                "dashboard",
                "nora",
                "",
                "",
                "",
                "",
                "OIDC",
                true,
                "10.1.2.3",
                "CANARY",
                "payments-v2",
                "ALTER",
                "operators-only",
                "",
                "",
                "",
                "",
                "abort: has not the role of an operator",
                "",
                "");
        assertThat(TEXT.line(entry))
                .isEqualTo("1970-01-01 00:00:00  DENIED   nora               alter canary payments-v2 by operators-only"
                        + " from 10.1.2.3: abort: has not the role of an operator  x2");
    }
}
