package dev.weir.proxy.connection;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.cluster.TopicDirectory;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.telemetry.Denial;
import java.util.Collection;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One request, as the authorizers see it. Decides under the policy in force at the moment of the question. */
final class RequestView implements RequestContext {
    private final Connection connection;
    private final ClientSession session;
    private final Cluster cluster;
    private final TopicDirectory topics;
    private final short apiVersion;
    private final String clientId;

    RequestView(Connection connection, Cluster cluster, short apiVersion, String clientId) {
        this.connection = connection;
        this.session = connection.session();
        this.cluster = cluster;
        this.topics = cluster.topics();
        this.apiVersion = apiVersion;
        this.clientId = clientId;
    }

    @Override
    public short apiVersion() {
        return apiVersion;
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public String clientHost() {
        return "/" + session.subject().source().getHostAddress();
    }

    @Override
    public boolean allows(ResourceType type, String name, Operation operation) {
        Authorizer authorizer = session.authorizer(clientId);
        Decision decision = decide(authorizer, type, name, operation);
        if (!decision.allowed()) {
            report(authorizer, type, name, operation, decision);
        }
        return decision.passes();
    }

    @Override
    public boolean shows(ResourceType type, String name, Operation operation) {
        return decide(session.authorizer(clientId), type, name, operation).passes();
    }

    @Override
    public boolean allowsAny(ResourceType type, Operation operation) {
        return session.authorizer(clientId).decideAny(type, operation).passes();
    }

    /** To look at the group of a canary's new version is to look at the group that the canary is about. */
    private Decision decide(Authorizer authorizer, ResourceType type, String name, Operation operation) {
        String decided = type == ResourceType.GROUP && operation == Operation.DESCRIBE
                ? canaries().lookedAtAs(service(authorizer), clientId, name)
                : name;
        return authorizer.decide(type, decided, operation);
    }

    private static String service(Authorizer authorizer) {
        return authorizer.service().orElse("");
    }

    @Override
    public String service() {
        return service(session.authorizer(clientId));
    }

    @Override
    public Canaries canaries() {
        return cluster.canaries().known();
    }

    @Override
    public void denied(ResourceType type, String name, Operation operation, Decision decision) {
        report(session.authorizer(clientId), type, name, operation, decision);
    }

    @Override
    public void warn(String kind, String reason, String message) {
        Object peer = String.valueOf(connection.downstream().remoteAddress());
        connection.listener().log().warn(kind, connection.listener().name(), peer, reason, message);
    }

    private void report(Authorizer authorizer, ResourceType type, String name, Operation operation, Decision decision) {
        ConnectionReports reports = connection.reports();
        if (reports != null) {
            reports.denied(type, name, operation, decision);
        }
        connection
                .listener()
                .telemetry()
                .denied(new Denial(
                        connection.listener().name(),
                        session.subject().principal(),
                        authorizer.service(),
                        clientId,
                        type,
                        name,
                        operation,
                        decision));
    }

    @Override
    public int authorizedOperations(ResourceType type, String name) {
        Authorizer authorizer = session.authorizer(clientId);
        int bits = 0;
        for (Operation operation : ResourceOperations.of(type)) {
            if (decide(authorizer, type, name, operation).passes()) {
                bits |= operation.bit();
            }
        }
        return bits;
    }

    @Override
    public @Nullable String topicName(Uuid topicId) {
        return topics.name(topicId);
    }

    @Override
    public @Nullable Uuid topicId(String topicName) {
        return topics.id(topicName);
    }

    @Override
    public void topicMissed() {
        cluster.topicMissed();
    }

    @Override
    public int partitionCount(String topicName) {
        return topics.partitionCount(topicName);
    }

    @Override
    public Collection<String> topicNames() {
        return topics.names();
    }

    @Override
    public boolean autoCreatesTopics() {
        return cluster.autoCreatesTopics();
    }

    @Override
    public boolean sharedUpstreamCredentials() {
        return connection.listener().upstream().shared();
    }

    @Override
    public Object policyToken() {
        return session.authorizer(clientId).snapshot();
    }

    @Override
    public <T> T connectionState(Class<T> type, Supplier<T> initial) {
        return session.state(type, initial);
    }
}
