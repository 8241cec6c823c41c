package dev.weir.proxy.connection;

import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.PolicySnapshot;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one client may do, under the snapshot in force at the moment of the question. One event loop. */
final class ClientPolicy {
    private final Supplier<PolicySnapshot> policy;
    private final Subject subject;
    private @Nullable Authorizer authorizer;
    private @Nullable PolicySnapshot snapshot;
    private String clientId = "";

    ClientPolicy(Supplier<PolicySnapshot> policy, Subject subject) {
        this.policy = policy;
        this.subject = subject;
    }

    /**
     * The client's authorizer; the same object for as long as snapshot and client id are the same.
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
}
