package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Audit;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** What is reported of the APIs that are decoded for it, and of denials. Event loop of the connection. */
final class Exchanges {
    private static final Set<ApiKeys> CONCERNED = EnumSet.noneOf(ApiKeys.class);

    private final ConnectionReports connection;

    Exchanges(ConnectionReports connection) {
        this.connection = connection;
    }

    boolean concerns(short apiKey) {
        return CONCERNED.contains(ApiKeys.forId(apiKey));
    }

    void answered(Sent.Decoded sent, ApiMessage response) {}

    void denied(ResourceType type, String name, Operation operation, Decision decision) {
        boolean dryRun = decision.dryRunDenied();
        if (type == ResourceType.TOPIC && operation == Operation.WRITE) {
            connection.topic(name).produced().denied(dryRun);
        } else if (type == ResourceType.TOPIC && operation == Operation.READ) {
            connection.topic(name).consumed().denied(dryRun);
        }
        String file = decision.rule().file();
        connection
                .loop()
                .events()
                .audit(
                        new Events.AuditKey(
                                dryRun ? Audit.Kind.DRY_RUN_DENIED : Audit.Kind.DENIED,
                                connection.client(),
                                type.name(),
                                name,
                                operation.name(),
                                decision.rule().id(),
                                file.isEmpty()
                                        ? ""
                                        : file + ":" + decision.rule().line(),
                                decision.rule().revision(),
                                "",
                                0),
                        System.currentTimeMillis());
    }
}
