package dev.weir.policy.decide;

import dev.weir.mesh.Subject;
import java.util.List;
import java.util.Set;

/** One revision of policy, compiled and immutable. It is read once per request and swapped as a whole. */
public interface PolicySnapshot {

    /** A Git commit id, or {@code sha256:...} of a folder's contents. */
    String revision();

    /**
     * What the subject may do. Cheap enough for once per connection and snapshot; the result is to be kept for as long
     * as the snapshot and the client id stay the same.
     *
     * @param clientId the client id of the request header, or the empty string
     */
    Authorizer authorizer(Subject subject, String clientId);

    /** What becomes of the headers of records, by the topic that they are written to. */
    default TopicTable<Propagation> propagation() {
        return TopicTable.empty();
    }

    /** What records have to look like, by the topic that they are written to. */
    default TopicTable<SchemaGuard> schemas() {
        return TopicTable.empty();
    }

    /** New versions of consumers that get a share of the records. */
    default Canaries canaries() {
        return Canaries.EMPTY;
    }

    /** Where records go as well, by the topic that they are written to. */
    default TopicTable<Mirroring> mirrors() {
        return TopicTable.empty();
    }

    /** Faults on purpose that have not ended, in the order of the files. */
    default List<FaultPolicy> faults() {
        return List.of();
    }

    /** How much Services may do a second, in the order of the files. */
    default List<QuotaPolicy> quotas() {
        return List.of();
    }

    /** The registries that {@link #schemas} ask, by their names in {@code weir.yaml}. */
    default Set<String> schemaRegistries() {
        return Set.of();
    }
}
