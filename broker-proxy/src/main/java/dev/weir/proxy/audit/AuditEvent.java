package dev.weir.proxy.audit;

import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Client;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.RuleRef;
import dev.weir.proxy.telemetry.SchemaMetrics;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.proxy.tls.Validity;
import dev.weir.schema.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One kind of thing that happened; what happens again is equal to it, whatever its example. Names that clients chose are cut and cleaned here.
 * Immutable.
 *
 * @param cluster behind the listener, by its name in the configuration
 * @param what everything but header, count and times
 * @param example in words, of what may be different each time; or empty
 */
public record AuditEvent(String cluster, Audit what, String example) {
    private static final int TEXT_LENGTH_MAX = 300;
    private static final int NAME_LENGTH_MAX = 249;
    private static final String CANARY = "CANARY";
    /** The rule by which canaries are told what to do. */
    private static final String OPERATORS = "operators-only";

    private AuditEvent(String cluster, Audit what) {
        this(cluster, what, "");
    }

    /** All that is to be told. */
    public Audit told() {
        return example.isEmpty() ? what : what.toBuilder().setExample(example).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AuditEvent event && cluster.equals(event.cluster) && what.equals(event.what);
    }

    @Override
    public int hashCode() {
        return 31 * cluster.hashCode() + what.hashCode();
    }

    /** Policy said no, in enforce or in dry-run. */
    public static AuditEvent denied(
            String cluster, Client client, ResourceType type, String name, Operation operation, Decision decision) {
        Audit.Builder audit = Audit.newBuilder()
                .setKind(decision.dryRunDenied() ? Audit.Kind.DRY_RUN_DENIED : Audit.Kind.DENIED)
                .setClient(client)
                .setResourceType(type.name())
                .setResourceName(clean(name, NAME_LENGTH_MAX))
                .setOperation(operation.name());
        return of(cluster, audit, decision.rule());
    }

    /**
     * A request that changes something was answered.
     *
     * @param api as Kafka names it
     * @param errorCode of the answer
     * @param rule that let it pass, as far as that is known
     */
    public static AuditEvent admin(
            String cluster,
            Client client,
            String type,
            String name,
            String operation,
            String api,
            int errorCode,
            @Nullable RuleRef rule) {
        Audit.Builder audit = Audit.newBuilder()
                .setKind(Audit.Kind.ADMIN)
                .setClient(client)
                .setResourceType(type)
                .setResourceName(clean(name, NAME_LENGTH_MAX))
                .setOperation(operation)
                .setApi(api)
                .setErrorCode(errorCode);
        return rule == null ? new AuditEvent(cluster, audit.build()) : of(cluster, audit, rule);
    }

    /**
     * A client is who it says, or needs not say.
     *
     * @param certificate how long the certificate holds that it showed
     */
    public static AuditEvent loggedIn(String cluster, Client client, Validity certificate) {
        return new AuditEvent(
                cluster,
                Audit.newBuilder()
                        .setKind(Audit.Kind.LOG_IN)
                        .setClient(client)
                        .setCertificateNotBeforeMillis(certificate.notBeforeMillis())
                        .setCertificateNotAfterMillis(certificate.notAfterMillis())
                        .build());
    }

    /**
     * A client did not get in.
     *
     * @param client as it claimed to be, as far as it came to that
     * @param reason in words, without anything that the client sent
     */
    public static AuditEvent logInFailed(String cluster, Client client, String reason) {
        return new AuditEvent(
                cluster,
                Audit.newBuilder()
                        .setKind(Audit.Kind.LOG_IN_FAILED)
                        .setClient(client.toBuilder().setPrincipal(clean(client.getPrincipal(), NAME_LENGTH_MAX)))
                        .setReason(clean(reason, TEXT_LENGTH_MAX))
                        .build());
    }

    /** A client was in, and what it logged in with holds no more. */
    public static AuditEvent sessionEnded(String cluster, Client client, SessionEnd end) {
        String reason = switch (end) {
            case EXPIRED -> "the session was over, and the client had not logged in again";
            case USER_REMOVED -> "its user is not in the users file any more";
            case PASSWORD_CHANGED -> "its user has another password now";
            case KEY_WITHDRAWN -> "the issuer took back the key that signed its token";
            case CERTIFICATE_REVOKED -> "the authority took back its certificate";
        };
        return new AuditEvent(
                cluster,
                Audit.newBuilder()
                        .setKind(Audit.Kind.SESSION_ENDED)
                        .setClient(client)
                        .setReason(reason)
                        .build());
    }

    /**
     * A revision of policy came into force, or was refused.
     *
     * @param home the cluster that holds the reports
     * @param source of policy, without credentials
     * @param at file and line of the first mistake, or empty
     */
    public static AuditEvent policy(
            String home, boolean refused, String source, String revision, String author, String reason, String at) {
        return new AuditEvent(
                home,
                Audit.newBuilder()
                        .setKind(refused ? Audit.Kind.POLICY_REFUSED : Audit.Kind.POLICY_IN_FORCE)
                        .setResourceType("POLICY")
                        .setResourceName(clean(source, TEXT_LENGTH_MAX))
                        .setPolicyRevision(revision)
                        .setAuthor(clean(author, NAME_LENGTH_MAX))
                        .setReason(clean(reason, TEXT_LENGTH_MAX))
                        .setRuleAt(clean(at, TEXT_LENGTH_MAX))
                        .build());
    }

    /**
     * Somebody told a canary what to do.
     *
     * @param home the cluster that holds the canary's topics
     * @param client who, by which means, and from where
     * @param errorCode 0 when it was obeyed
     * @param said what was said, and why; or why it was not obeyed
     */
    public static AuditEvent canary(String home, Client client, String canary, int errorCode, String said) {
        return canary(home, client, canary, "CanaryCommand", errorCode, said);
    }

    /**
     * Somebody may not tell a canary what to do.
     *
     * @param home the cluster that holds the canary's topics
     * @param client who, by which means, and from where
     * @param canary one that there is, or that there is none; never what strangers make up
     * @param reason what was said, and why it is not done; of a closed set
     */
    public static AuditEvent canaryDenied(String home, Client client, String canary, String reason) {
        return new AuditEvent(
                home,
                Audit.newBuilder()
                        .setKind(Audit.Kind.DENIED)
                        .setClient(client.toBuilder().setPrincipal(clean(client.getPrincipal(), NAME_LENGTH_MAX)))
                        .setResourceType(CANARY)
                        .setResourceName(clean(canary, NAME_LENGTH_MAX))
                        .setOperation(Operation.ALTER.name())
                        .setRule(OPERATORS)
                        .setReason(clean(reason, TEXT_LENGTH_MAX))
                        .build());
    }

    /**
     * The controller of canaries did something.
     *
     * @param home the cluster that holds the canary's topics
     * @param controller its name
     * @param errorCode 0 when it came through
     * @param what it was, and why where it did not come through
     */
    public static AuditEvent canaryChange(String home, String controller, String canary, int errorCode, String what) {
        Client client = Client.newBuilder().setPrincipal(controller).build();
        return canary(home, client, canary, "CanaryChange", errorCode, what);
    }

    private static AuditEvent canary(
            String home, Client client, String canary, String api, int errorCode, String said) {
        return new AuditEvent(
                home,
                Audit.newBuilder()
                        .setKind(Audit.Kind.ADMIN)
                        .setClient(client.toBuilder().setPrincipal(clean(client.getPrincipal(), NAME_LENGTH_MAX)))
                        .setResourceType(CANARY)
                        .setResourceName(clean(canary, NAME_LENGTH_MAX))
                        .setOperation(Operation.ALTER.name())
                        .setApi(api)
                        .setErrorCode(errorCode)
                        .setReason(clean(said, TEXT_LENGTH_MAX))
                        .build());
    }

    /**
     * Records were not what the schema of their topic says. Where and why in a record is only an example: what happens again is
     * one thing, with its number.
     *
     * @param example what was wrong with one of them
     */
    public static AuditEvent schemaViolation(
            String cluster,
            Client client,
            String topic,
            RuleRef rule,
            Reason reason,
            OnViolation onViolation,
            String example) {
        Audit.Builder audit = Audit.newBuilder()
                .setKind(Audit.Kind.SCHEMA_VIOLATION)
                .setClient(client)
                .setResourceType(ResourceType.TOPIC.name())
                .setResourceName(clean(topic, NAME_LENGTH_MAX))
                .setOperation(Operation.WRITE.name())
                .setReason(SchemaMetrics.word(reason) + ": " + SchemaMetrics.word(onViolation));
        return new AuditEvent(cluster, of(cluster, audit, rule).what(), clean(example, TEXT_LENGTH_MAX));
    }

    /**
     * A client was not let read on, because of the records that are there. Without partition and offset: what happens again is one
     * thing, with its number.
     *
     * @param refusal what it was refused for
     * @param reason of a closed set
     */
    public static AuditEvent readRefused(
            String cluster, Client client, String topic, RuleRef rule, Audit.ReadRefusal refusal, String reason) {
        Audit.Builder audit = Audit.newBuilder()
                .setKind(Audit.Kind.READ_REFUSED)
                .setClient(client)
                .setResourceType(ResourceType.TOPIC.name())
                .setResourceName(clean(topic, NAME_LENGTH_MAX))
                .setOperation(Operation.READ.name())
                .setReadRefusal(refusal)
                .setReason(reason);
        return of(cluster, audit, rule);
    }

    /** The same without what an attacker could vary without end: what there is too much of is told of as one. */
    AuditEvent inGeneral() {
        Audit.Builder general = what.toBuilder().setResourceName("");
        Client client = what.getClient();
        boolean ofApi = what.getResourceType().equals(CANARY);
        if (what.getKind() == Audit.Kind.LOG_IN_FAILED || ofApi) {
            general.setClient(Client.newBuilder()
                    .setListener(client.getListener())
                    .setPrincipal(ofApi ? client.getPrincipal() : "")
                    .setMechanism(client.getMechanism())
                    .setTls(client.getTls()));
        }
        return new AuditEvent(cluster, general.build());
    }

    private static AuditEvent of(String cluster, Audit.Builder audit, RuleRef rule) {
        String at = rule.file().isEmpty() ? "" : rule.file() + ":" + rule.line();
        return new AuditEvent(
                cluster,
                audit.setRule(rule.id())
                        .setRuleAt(at)
                        .setPolicyRevision(rule.revision())
                        .build());
    }

    /** Without what a terminal or a parser of lines would obey, and not longer than is needed to know it. */
    private static String clean(String text, int lengthMax) {
        boolean fits = text.length() <= lengthMax;
        if (fits && text.chars().noneMatch(AuditEvent::isControl)) {
            return text;
        }
        int end = fits ? text.length() : lengthMax;
        if (!fits && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        StringBuilder clean = new StringBuilder(end + 3);
        text.substring(0, end).chars().forEach(letter -> clean.append(isControl(letter) ? '?' : (char) letter));
        return fits ? clean.toString() : clean + "...";
    }

    private static boolean isControl(int letter) {
        return Character.isISOControl(letter)
                || letter == '\u2028'
                || letter == '\u2029'
                || (letter >= '\u202a' && letter <= '\u202e')
                || (letter >= '\u2066' && letter <= '\u2069');
    }
}
