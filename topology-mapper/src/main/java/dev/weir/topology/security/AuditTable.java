package dev.weir.topology.security;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Client;
import dev.weir.topology.state.v1.AuditRecord;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ViewPart;
import dev.weir.topology.view.SecurityView;
import dev.weir.topology.view.SecurityView.RefusedRead.Refusal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the whole mesh audited of the last days, the same things counted. */
public final class AuditTable implements ViewPart {
    private static final Set<Audit.Kind> DENIALS = Set.of(Audit.Kind.DENIED, Audit.Kind.DRY_RUN_DENIED);

    /** How a reason begins that is about a signature, from proxies that say no more. */
    private static final String SIGNATURE = "signature ";

    private final Map<Long, AuditRecord> records = new HashMap<>();

    @Override
    public Set<RecordKind> kinds() {
        return Set.of(RecordKind.AUDIT);
    }

    @Override
    public void accept(RecordKind kind, byte[] key, byte @Nullable [] value) {
        if (value == null) {
            records.remove(Hash64.ofKey(key));
            return;
        }
        try {
            records.put(Hash64.ofKey(key), AuditRecord.parseFrom(value));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an audit record that was written by this program", e);
        }
    }

    @Override
    public void tick(long nowMillis) {
        // the stream removes what is old
    }

    /** Those that had been seen by then, the newest first. */
    public List<SecurityView.Denial> denials(long atMillis) {
        return newest(DENIALS, atMillis, AuditTable::denial);
    }

    /** Those that had been seen by then, the newest first. */
    public List<SecurityView.AdminAction> adminActions(long atMillis) {
        return newest(Set.of(Audit.Kind.ADMIN), atMillis, AuditTable::adminAction);
    }

    /** Those that had been seen by then, the most frequent first. */
    public List<SecurityView.FailedLogIn> failedLogIns(long atMillis) {
        return of(Set.of(Audit.Kind.LOG_IN_FAILED), atMillis)
                .sorted(Comparator.comparingLong(AuditRecord::getCount).reversed())
                .map(AuditTable::failedLogIn)
                .toList();
    }

    /** Those that had been seen by then, the newest first. */
    public List<SecurityView.EndedSession> endedSessions(long atMillis) {
        return newest(Set.of(Audit.Kind.SESSION_ENDED), atMillis, AuditTable::endedSession);
    }

    /** Those that had been seen by then, the newest first. */
    public List<SecurityView.RefusedRead> refusedReads(long atMillis) {
        return newest(Set.of(Audit.Kind.READ_REFUSED), atMillis, AuditTable::refusedRead);
    }

    /** How often each rule was used by each Service for administration, by then. */
    public Map<RuleUse.Key, RuleUse> adminUses(long atMillis) {
        Map<RuleUse.Key, RuleUse> uses = new HashMap<>();
        of(Set.of(Audit.Kind.ADMIN), atMillis)
                .forEach(record -> uses.merge(
                        new RuleUse.Key(
                                record.getAudit().getRule(),
                                record.getAudit().getClient().getService()),
                        new RuleUse(record.getCount(), record.getLastSeenMillis()),
                        RuleUse::and));
        return uses;
    }

    /** The certificate that each client showed last, by then: one that was renewed counts no more. */
    public List<ClientCertificate> certificates(long atMillis) {
        Map<String, AuditRecord> last = new HashMap<>();
        of(Set.of(Audit.Kind.LOG_IN), atMillis)
                .filter(record -> record.getAudit().getCertificateNotAfterMillis() > 0)
                .forEach(record -> last.merge(
                        record.getAudit().getClient().getPrincipal(),
                        record,
                        (known, other) -> known.getLastSeenMillis() >= other.getLastSeenMillis() ? known : other));
        return last.values().stream().map(ClientCertificate::of).toList();
    }

    private <T> List<T> newest(Set<Audit.Kind> kinds, long atMillis, Function<AuditRecord, T> shown) {
        return of(kinds, atMillis)
                .sorted(Comparator.comparingLong(AuditRecord::getLastSeenMillis).reversed())
                .map(shown)
                .toList();
    }

    private Stream<AuditRecord> of(Set<Audit.Kind> kinds, long atMillis) {
        return records.values().stream()
                .filter(record -> kinds.contains(record.getAudit().getKind()))
                .filter(record -> record.getFirstSeenMillis() <= atMillis);
    }

    private static SecurityView.FailedLogIn failedLogIn(AuditRecord record) {
        Audit audit = record.getAudit();
        Client client = audit.getClient();
        return new SecurityView.FailedLogIn(
                client.getPrincipal(),
                client.getMechanism(),
                client.getTls(),
                client.getListener(),
                client.getSource(),
                audit.getReason(),
                record.getCount(),
                record.getFirstSeenMillis(),
                record.getLastSeenMillis());
    }

    private static SecurityView.EndedSession endedSession(AuditRecord record) {
        Audit audit = record.getAudit();
        Client client = audit.getClient();
        return new SecurityView.EndedSession(
                client.getService(),
                client.getPrincipal(),
                client.getMechanism(),
                client.getTls(),
                client.getListener(),
                client.getSource(),
                audit.getReason(),
                record.getCount(),
                record.getFirstSeenMillis(),
                record.getLastSeenMillis());
    }

    private static SecurityView.RefusedRead refusedRead(AuditRecord record) {
        Audit audit = record.getAudit();
        Client client = audit.getClient();
        return new SecurityView.RefusedRead(
                client.getService(),
                client.getPrincipal(),
                client.getClientId(),
                client.getSource(),
                record.getCluster(),
                audit.getResourceName(),
                refusal(audit),
                audit.getReason(),
                audit.getRule(),
                audit.getRuleAt(),
                audit.getPolicyRevision(),
                record.getCount(),
                record.getFirstSeenMillis(),
                record.getLastSeenMillis());
    }

    private static Refusal refusal(Audit audit) {
        return switch (audit.getReadRefusal()) {
            case SIGNATURE -> Refusal.SIGNATURE;
            case CANARY_GROUP -> Refusal.CANARY_GROUP;
            case READ_REFUSAL_UNSPECIFIED ->
                audit.getReason().startsWith(SIGNATURE) ? Refusal.SIGNATURE : Refusal.CANARY_GROUP;
            case UNRECOGNIZED -> Refusal.OTHER;
        };
    }

    private static SecurityView.Denial denial(AuditRecord record) {
        Audit audit = record.getAudit();
        Client client = audit.getClient();
        return new SecurityView.Denial(
                audit.getKind() == Audit.Kind.DRY_RUN_DENIED,
                client.getService(),
                client.getPrincipal(),
                client.getClientId(),
                client.getSource(),
                audit.getResourceType(),
                audit.getResourceName(),
                audit.getOperation(),
                audit.getRule(),
                audit.getRuleAt(),
                audit.getPolicyRevision(),
                record.getCount(),
                record.getFirstSeenMillis(),
                record.getLastSeenMillis());
    }

    private static SecurityView.AdminAction adminAction(AuditRecord record) {
        Audit audit = record.getAudit();
        return new SecurityView.AdminAction(
                audit.getClient().getService(),
                audit.getClient().getPrincipal(),
                audit.getApi(),
                audit.getResourceType(),
                audit.getResourceName(),
                audit.getOperation(),
                record.getCount(),
                record.getLastSeenMillis());
    }
}
