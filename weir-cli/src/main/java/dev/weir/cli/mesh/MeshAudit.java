package dev.weir.cli.mesh;

import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.member.GroupMember;
import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.config.ReportsConfig;
import dev.weir.cli.config.WeirConfig;
import dev.weir.mesh.log.Counted;
import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.report.v1.Client;
import dev.weir.policy.store.PolicyChange;
import dev.weir.policy.store.PolicyStore;
import dev.weir.policy.yaml.Problem;
import dev.weir.proxy.audit.AuditEvent;
import dev.weir.proxy.audit.AuditLines;
import dev.weir.proxy.audit.AuditTrail;
import dev.weir.topology.view.ApiRefusal;
import dev.weir.topology.view.CanaryAnswer;
import dev.weir.topology.view.CanaryOrder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The audit of a mesh, from before there is a proxy: the first policy is told of, too, and what is said to canaries. */
final class MeshAudit {
    private static final int PROBLEMS_MAX = 3;
    /** In the place of a listener's name. */
    private static final String DASHBOARD = "dashboard";

    private MeshAudit() {}

    /**
     * Opens it.
     *
     * @param proxyName of this proxy in reports
     * @throws CommandFailure if its file cannot be written
     */
    static AuditTrail open(WeirConfig config, String proxyName) {
        try {
            return new AuditTrail(
                    config.audit().isNone() ? null : AuditLines.open(config.audit(), proxyName, System.out));
        } catch (IOException e) {
            throw new CommandFailure("the audit file cannot be written: " + FailureWords.ofItself(e), e);
        }
    }

    /** Tells of each revision of policy. */
    static void follow(PolicyStore policy, AuditTrail trail, @Nullable ReportsConfig reports) {
        String home = reports == null ? "" : reports.home().name();
        policy.addWitness(change -> trail.add(event(home, change), System.currentTimeMillis()));
    }

    private static AuditEvent event(String home, PolicyChange change) {
        String reason = switch (change.outcome()) {
            case IN_FORCE -> "";
            case RULE_EXPIRED -> "a rule of it has expired";
            case REFUSED ->
                Counted.of(change.problems().size(), "mistake") + ": "
                        + change.problems().stream()
                                .limit(PROBLEMS_MAX)
                                .map(Problem::toString)
                                .collect(Collectors.joining("; "));
        };
        String at = change.problems().stream()
                .findFirst()
                .map(problem -> problem.file() + ":" + problem.line())
                .orElse("");
        boolean refused = change.outcome() == PolicyChange.Outcome.REFUSED;
        return AuditEvent.policy(home, refused, change.source(), change.revision(), change.author(), reason, at);
    }

    /** Somebody said something to a canary. */
    static AuditEvent canary(String home, CanaryOrder order, CanaryAnswer answer) {
        Client client = Client.newBuilder()
                .setPrincipal(order.by())
                .setMechanism(order.how())
                .setSource(order.source())
                .build();
        Errors result = Errors.INVALID_REQUEST;
        String reason = order.reason();
        if (answer instanceof CanaryAnswer.Obeyed) {
            result = Errors.NONE;
        } else if (answer instanceof CanaryAnswer.Refused refused) {
            reason = refused.reason();
        } else if (answer instanceof CanaryAnswer.Unanswered) {
            result = Errors.REQUEST_TIMED_OUT;
        }
        String action = order.action().name().toLowerCase(Locale.ROOT);
        String asked = (action + " " + order.weight()).strip() + (reason.isEmpty() ? "" : ": " + reason);
        return AuditEvent.canary(home, client, order.canary(), result.code(), asked);
    }

    /**
     * Somebody was not let in to the API, or may not change there what he wanted to.
     *
     * @param canaries those of policy: others that strangers name are not told
     */
    static AuditEvent refused(String home, ApiRefusal refusal, List<String> canaries) {
        Client.Builder client = Client.newBuilder().setListener(DASHBOARD).setSource(refusal.source());
        if (refusal instanceof ApiRefusal.LogIn logIn) {
            client.setPrincipal(logIn.name()).setMechanism("OIDC").setTls(logIn.tls());
            return AuditEvent.logInFailed(home, client.build(), logIn.reason());
        }
        ApiRefusal.Change change = (ApiRefusal.Change) refusal;
        client.setPrincipal(change.name()).setMechanism(change.how()).setTls(change.tls());
        return AuditEvent.canaryDenied(
                home,
                client.build(),
                canaries.contains(change.canary()) ? change.canary() : "(not in policy)",
                change.action().isEmpty() ? change.reason() : change.action() + ": " + change.reason());
    }

    /** A member of a canary's groups comes to brokers around the mesh. */
    static AuditEvent bypass(String home, String controller, String canary, GroupMember member) {
        return AuditEvent.canaryChange(
                home,
                controller,
                canary,
                Errors.POLICY_VIOLATION.code(),
                member + ", member " + member.memberId() + ", comes to brokers around Weir");
    }

    /** A controller did something to a canary that an operator may ask about later; {@code null} for what nobody will. */
    static @Nullable AuditEvent canaryChange(String home, String controller, ChangeEvent event) {
        if (event instanceof ChangeEvent.OfRollout rollout) {
            String decided = decided(rollout.event());
            return decided == null
                    ? null
                    : AuditEvent.canaryChange(home, controller, rollout.event().canary(), Errors.NONE.code(), decided);
        }
        return event instanceof ChangeEvent.OfCanary of ? canaryChange(home, controller, of) : null;
    }

    /** What a gate decided; {@code null} for all else: steps show in weights, and of commands {@link #canary} tells. */
    private static @Nullable String decided(RolloutEvent event) {
        if (event instanceof RolloutEvent.Progressed progressed) {
            Phase phase = progressed.state().phase();
            if (phase instanceof Phase.Aborted aborted && aborted.cause().kind() == Cause.Kind.GATE) {
                return "aborted by " + aborted.cause();
            } else if (phase instanceof Phase.Paused paused && paused.cause().kind() == Cause.Kind.GATE) {
                return "paused by " + paused.cause();
            }
        }
        return null;
    }

    private static @Nullable AuditEvent canaryChange(String home, String controller, ChangeEvent.OfCanary event) {
        Errors result = Errors.NONE;
        String what;
        if (event instanceof ChangeEvent.Seeded seeded) {
            what = (seeded.scope().isShadow() ? "shadow in " : "") + "group "
                    + seeded.scope().canaryGroup() + " begins where its topics end";
        } else if (event instanceof ChangeEvent.Committed committed) {
            what = "weight " + committed.table().weight() + " in force as epoch " + committed.epoch();
        } else if (event instanceof ChangeEvent.Aborted aborted) {
            result = Errors.REQUEST_TIMED_OUT;
            what = "epoch " + aborted.epoch() + " given up: " + aborted.reason();
        } else if (event instanceof ChangeEvent.Drained) {
            what = "drained";
        } else {
            return null;
        }
        return AuditEvent.canaryChange(home, controller, event.canary(), result.code(), what);
    }
}
