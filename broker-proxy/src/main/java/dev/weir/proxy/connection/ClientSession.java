package dev.weir.proxy.connection;

import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.traffic.ClientQuotas;
import dev.weir.proxy.traffic.Quotas;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who one client is, what it may do under the snapshot in force at the moment of the question, and what authorizers
 * remember between its requests. One event loop.
 */
final class ClientSession {
    private final Supplier<PolicySnapshot> policy;
    private final Map<Class<?>, Object> state = new HashMap<>(4);
    private final ClientQuotas quotas;
    private Subject subject;
    private @Nullable Authorizer authorizer;
    private @Nullable PolicySnapshot snapshot;
    private String clientId = "";

    /**
     * Begins.
     *
     * @param peer what the transport knows of the client
     * @param quotas of all clients
     */
    ClientSession(Supplier<PolicySnapshot> policy, Subject peer, Quotas quotas) {
        this.policy = policy;
        this.subject = peer;
        this.quotas = new ClientQuotas(quotas);
    }

    Subject subject() {
        return subject;
    }

    /** The client has said who it is; its requests are decided for that from now on. */
    void authenticated(Subject who) {
        subject = who;
        authorizer = null;
    }

    /**
     * The client's authorizer; the same object for as long as subject, snapshot and client id are the same.
     *
     * @param clientId the request's client id, or the empty string
     */
    Authorizer authorizer(String clientId) {
        PolicySnapshot now = policy.get();
        Authorizer known = authorizer;
        if (known == null || now != snapshot || !clientId.equals(this.clientId)) {
            known = now.authorizer(subject, clientId);
            authorizer = known;
            snapshot = now;
            this.clientId = clientId;
        }
        return known;
    }

    /** What there is to show of the client. */
    ConnectionStatus status(long id, String listener, String software, boolean authenticated, long sinceMillis) {
        Authorizer known = authorizer(clientId);
        return new ConnectionStatus(
                id,
                listener,
                subject,
                known.service().orElse(""),
                known.version().orElse(""),
                clientId,
                software,
                authenticated,
                sinceMillis);
    }

    /** What it takes of the quotas of its Service. */
    ClientQuotas quotas() {
        return quotas;
    }

    /** Of the last request; empty before the first. */
    String clientId() {
        return clientId;
    }

    /** The Service that policy knows the client as, now. */
    Optional<String> service() {
        return authorizer(clientId).service();
    }

    /** What authorizers remember of a kind, until the connection ends. */
    <T> T state(Class<T> type, Supplier<T> initial) {
        return type.cast(state.computeIfAbsent(type, absent -> initial.get()));
    }
}
