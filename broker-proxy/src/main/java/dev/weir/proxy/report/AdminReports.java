package dev.weir.proxy.report;

import static java.util.Map.entry;

import dev.weir.mesh.report.v1.Client;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.proxy.audit.AuditEvent;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Administrative requests for the audit: who changed what, which rule allowed it, and how Kafka answered. Event loop of
 * the connection.
 */
final class AdminReports {
    /** What changes something. */
    private static final Map<ApiKeys, Deed> DEEDS = new EnumMap<>(Map.ofEntries(
            entry(ApiKeys.CREATE_TOPICS, Deed.of(Operation.CREATE)),
            entry(ApiKeys.DELETE_TOPICS, Deed.of(Operation.DELETE)),
            entry(ApiKeys.CREATE_PARTITIONS, Deed.of(Operation.ALTER)),
            entry(ApiKeys.DELETE_RECORDS, Deed.of(Operation.DELETE)),
            entry(ApiKeys.ALTER_CONFIGS, Deed.of(Operation.ALTER_CONFIGS)),
            entry(ApiKeys.INCREMENTAL_ALTER_CONFIGS, Deed.of(Operation.ALTER_CONFIGS)),
            entry(ApiKeys.DELETE_GROUPS, Deed.of(Operation.DELETE)),
            entry(ApiKeys.OFFSET_DELETE, Deed.of(Operation.DELETE)),
            entry(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, new Deed(Operation.ALTER, Operation.READ, false)),
            entry(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, Deed.of(Operation.DELETE)),
            entry(ApiKeys.ELECT_LEADERS, Deed.ofCluster(Operation.ALTER)),
            entry(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, Deed.ofCluster(Operation.ALTER)),
            entry(ApiKeys.ALTER_REPLICA_LOG_DIRS, Deed.ofCluster(Operation.ALTER)),
            entry(ApiKeys.CREATE_ACLS, Deed.ofCluster(Operation.ALTER)),
            entry(ApiKeys.DELETE_ACLS, Deed.ofCluster(Operation.ALTER)),
            entry(ApiKeys.ALTER_CLIENT_QUOTAS, Deed.ofCluster(Operation.ALTER_CONFIGS)),
            entry(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, Deed.ofCluster(Operation.ALTER)),
            entry(ApiKeys.UPDATE_FEATURES, Deed.ofCluster(Operation.ALTER)),
            entry(ApiKeys.UNREGISTER_BROKER, Deed.ofCluster(Operation.ALTER)),
            entry(ApiKeys.ADD_RAFT_VOTER, Deed.ofCluster(Operation.ALTER)),
            entry(ApiKeys.REMOVE_RAFT_VOTER, Deed.ofCluster(Operation.ALTER))));

    private static final int NAMES_MAX = 100;

    /**
     * One kind of change.
     *
     * @param operation that it is, as Kafka names it
     * @param decidedAs the operation that Kafka and policy are asked for
     * @param ofCluster whether they are asked for the cluster, whatever it names
     */
    private record Deed(Operation operation, Operation decidedAs, boolean ofCluster) {
        static Deed of(Operation operation) {
            return new Deed(operation, operation, false);
        }

        static Deed ofCluster(Operation operation) {
            return new Deed(operation, operation, true);
        }
    }

    private final ConnectionReports connection;

    AdminReports(ConnectionReports connection) {
        this.connection = connection;
    }

    static boolean concerns(ApiKeys api) {
        return DEEDS.containsKey(api);
    }

    /** Whom the answer to a request will be told of, and with which rules that allowed it. */
    Sent.Decoded sent(ApiKeys api, ApiMessage request) {
        Deed deed = DEEDS.get(api);
        Authorizer policy = connection.authorizer();
        if (deed == null || policy == null) {
            return new Sent.Decoded(api, request, connection.client(), Map.of());
        }
        Map<AdminResource, RuleRef> rules = new LinkedHashMap<>();
        for (AdminResource resource : named(request)) {
            Decision own = deed.ofCluster ? null : resource.decide(policy, deed.decidedAs);
            Decision decision = own != null && own.allowed()
                    ? own // else it is the right to do so with all of them
                    : AdminResource.CLUSTER.decide(policy, deed.decidedAs);
            if (decision.allowed()) {
                rules.put(resource, decision.rule());
            }
        }
        return new Sent.Decoded(api, request, connection.client(), rules);
    }

    /** What a request is about, at most so much of it. */
    private Set<AdminResource> named(ApiMessage request) {
        Set<AdminResource> names = new LinkedHashSet<>();
        AdminResource.addNamed(request, connection.topics(), names);
        if (names.isEmpty()) {
            names.add(AdminResource.CLUSTER);
        }
        return names.stream().limit(NAMES_MAX).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    void answered(Sent.Decoded sent, ApiMessage response) {
        int ofAll = AdminErrors.ofAll(response);
        Map<AdminResource, Integer> results = new LinkedHashMap<>();
        named(sent.request()).forEach(resource -> results.put(resource, ofAll));
        AdminErrors.fill(response, connection.topics(), results);
        long nowMillis = System.currentTimeMillis();
        Deed deed = DEEDS.get(sent.api());
        String operation = deed == null ? "" : deed.operation.name();
        String cluster = sent.client().cluster();
        Client who = sent.client().message();
        results.forEach((resource, error) -> connection
                .loop()
                .audit()
                .add(
                        AuditEvent.admin(
                                cluster,
                                who,
                                resource.type(),
                                resource.name(),
                                operation,
                                sent.api().name,
                                error,
                                sent.allowedBy().get(resource)),
                        nowMillis));
    }
}
