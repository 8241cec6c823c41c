package dev.weir.proxy.report;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Principal;
import dev.weir.mesh.Subject;
import dev.weir.mesh.report.v1.Client;
import dev.weir.policy.decide.Authorizer;
import dev.weir.proxy.audit.AuditEvent;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.proxy.tls.Validity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Log-ins of one connection for the audit, before there is a request to tell of. Event loop of the connection. */
public final class LogInReports {
    private final LoopReports loop;
    private final String listener;
    private final String cluster;

    LogInReports(LoopReports loop, String listener, String cluster) {
        this.loop = loop;
        this.listener = listener;
        this.cluster = cluster;
    }

    /**
     * The client is who it says, or came without credentials and was let in.
     *
     * @param certificate how long its certificate holds
     */
    public void succeeded(Subject subject, Authorizer authorizer, Validity certificate) {
        Client client = known(subject, authorizer.service());
        loop.audit().add(AuditEvent.loggedIn(cluster, client, certificate), System.currentTimeMillis());
    }

    /**
     * The client did not get in.
     *
     * @param peer what the transport knows of it
     * @param mechanism that it tried, or {@code null} when it came to none that is known
     * @param claimed who it said that it is, as it sent it; empty when it did not come to that
     * @param reason without anything that the client sent
     */
    public void failed(Subject peer, @Nullable Mechanism mechanism, String claimed, String reason) {
        Client client = client(peer)
                .setPrincipal(claimed.isEmpty() ? "" : Principal.user(claimed).toString())
                .setMechanism(mechanism == null ? "" : mechanism.name())
                .build();
        loop.audit().add(AuditEvent.logInFailed(cluster, client, reason), System.currentTimeMillis());
    }

    /**
     * The client is who it says, and brokers are not to be had for it.
     *
     * @param service that policy knows it as, if any
     * @param reason without anything that the client sent
     */
    public void refused(Subject who, Optional<String> service, String reason) {
        loop.audit().add(AuditEvent.logInFailed(cluster, known(who, service), reason), System.currentTimeMillis());
    }

    /** As {@link #refused}: it was in, and what it logged in with holds no more. */
    public void ended(Subject who, Optional<String> service, SessionEnd reason) {
        loop.audit().add(AuditEvent.sessionEnded(cluster, known(who, service), reason), System.currentTimeMillis());
    }

    private Client known(Subject who, Optional<String> service) {
        return client(who)
                .setPrincipal(who.principal().toString())
                .setService(service.orElse(""))
                .setMechanism(who.mechanism().name())
                .build();
    }

    private Client.Builder client(Subject subject) {
        return Client.newBuilder()
                .setListener(listener)
                .setTls(subject.tls())
                .setSource(subject.source().getHostAddress());
    }
}
