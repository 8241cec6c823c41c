package dev.weir.proxy.telemetry;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import io.opentelemetry.api.common.Attributes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** What one listener counts. Any thread; what is called per frame neither allocates nor looks anything up. */
public final class ListenerMetrics {
    private final ProxyMetrics metrics;
    private final String listener;
    private final LongAdder open;
    private final LongAdder accepted;
    private final LongAdder inFlight;
    private final LongAdder bytesUp;
    private final LongAdder bytesDown;
    /** By api key. A slot is filled on first use, so that APIs which nobody calls are not shown. */
    private final @Nullable LongAdder[] requestsByApi = new LongAdder[apiKeysMax() + 1];

    private final ReasonCounters<RefusalReason> refused;
    private final ReasonCounters<MalformedReason> malformed;
    private final ReasonCounters<SessionEnd> sessionsEnded;
    private final ReasonCounters<Mechanism> loginsAccepted;
    private final ReasonCounters<Mechanism> loginsRejected;
    private final Map<DenialKey, LongAdder> denials = new ConcurrentHashMap<>();
    private final LongAdder denialsEnforced = new LongAdder();
    private final LongAdder denialsDryRun = new LongAdder();
    private final PropagationMetrics propagation;
    private final SchemaMetrics schemas;
    private final VerificationMetrics verification;

    ListenerMetrics(ProxyMetrics metrics, String listener) {
        this.metrics = metrics;
        this.listener = listener;
        Attributes only = Attributes.of(AttributeNames.LISTENER, listener);
        propagation = new PropagationMetrics(metrics, listener);
        schemas = new SchemaMetrics(metrics, listener);
        verification = new VerificationMetrics(metrics, listener);
        open = metrics.connectionsOpen.cell(only);
        accepted = metrics.connectionsAccepted.cell(only);
        inFlight = metrics.requestsInFlight.cell(only);
        bytesUp = metrics.traffic.cell(with("up"));
        bytesDown = metrics.traffic.cell(with("down"));
        refused = new ReasonCounters<>(
                RefusalReason.values(), reason -> metrics.connectionsRefused.cell(reason(reason.attribute())));
        sessionsEnded = new ReasonCounters<>(
                SessionEnd.values(), reason -> metrics.sessionsEnded.cell(reason(reason.attribute())));
        loginsAccepted = new ReasonCounters<>(
                Mechanism.values(), mechanism -> metrics.logins.cell(login(mechanism, "accepted")));
        loginsRejected = new ReasonCounters<>(
                Mechanism.values(), mechanism -> metrics.logins.cell(login(mechanism, "rejected")));
        malformed = new ReasonCounters<>(
                MalformedReason.values(), reason -> metrics.malformed.cell(reason(reason.attribute())));
    }

    public SchemaMetrics schemas() {
        return schemas;
    }

    /** What becomes of what sides of canaries fetch, by whichever listener. */
    public CanaryMetrics canaries() {
        return metrics.canaries();
    }

    /** What becomes of record headers. */
    public PropagationMetrics propagation() {
        return propagation;
    }

    /** What their signatures prove. */
    public VerificationMetrics verification() {
        return verification;
    }

    /** A connection was accepted; {@link #connectionClosed} follows sooner or later, whatever becomes of it. */
    public void connectionAccepted() {
        accepted.increment();
        open.increment();
    }

    public void connectionClosed() {
        open.decrement();
    }

    public void connectionRefused(RefusalReason reason) {
        refused.increment(reason);
    }

    /** A SASL exchange ended. */
    public void login(Mechanism mechanism, boolean accepted) {
        (accepted ? loginsAccepted : loginsRejected).increment(mechanism);
    }

    public void sessionEnded(SessionEnd reason) {
        sessionsEnded.increment(reason);
    }

    /** The keys that sign tokens were asked for. */
    public void keysFetched(boolean ok) {
        metrics.keyFetches
                .cell(Attributes.of(AttributeNames.LISTENER, listener, AttributeNames.OUTCOME, ok ? "ok" : "failed"))
                .increment();
    }

    /** A request's header was read. */
    public void request(short apiKey) {
        if (apiKey < 0 || apiKey >= requestsByApi.length) {
            return; // counted as malformed
        }
        LongAdder counter = requestsByApi[apiKey];
        if (counter == null) {
            counter = firstRequest(apiKey);
        }
        counter.increment();
    }

    /** A request waits for its response from now on. */
    public void inFlightAdded() {
        inFlight.increment();
    }

    /** So many requests wait no longer: they were answered, or their connection is gone. */
    public void inFlightRemoved(int count) {
        inFlight.add(-count);
    }

    /** Bytes were written to a broker. */
    public void bytesUp(long bytes) {
        bytesUp.add(bytes);
    }

    /** Bytes were written to the client. */
    public void bytesDown(long bytes) {
        bytesDown.add(bytes);
    }

    public void malformed(MalformedReason reason) {
        malformed.increment(reason);
    }

    /**
     * Policy said no.
     *
     * @param service the Service that asked, if there is one
     * @param dryRun whether the request passes all the same
     */
    public void denied(Optional<String> service, Operation operation, ResourceType resource, boolean dryRun) {
        DenialKey key = new DenialKey(service.orElse(AttributeNames.UNKNOWN_SERVICE), operation, resource, dryRun);
        LongAdder counter = denials.get(key);
        if (counter == null) {
            counter = metrics.denials.cell(key.attributes(listener));
            if (denials.size() < ProxyMetrics.DENIAL_CELLS_MAX) {
                denials.put(key, counter);
            }
        }
        counter.increment();
        (dryRun ? denialsDryRun : denialsEnforced).increment();
    }

    public long connectionsOpen() {
        return open.sum();
    }

    public long connectionsAccepted() {
        return accepted.sum();
    }

    public long connectionsRefused() {
        return refused.sum();
    }

    public long connectionsRefused(RefusalReason reason) {
        return refused.count(reason);
    }

    public long logins(Mechanism mechanism, boolean accepted) {
        return (accepted ? loginsAccepted : loginsRejected).count(mechanism);
    }

    public long sessionsEnded(SessionEnd reason) {
        return sessionsEnded.count(reason);
    }

    public long requestsInFlight() {
        return inFlight.sum();
    }

    public long framesMalformed() {
        return malformed.sum();
    }

    public long framesMalformed(MalformedReason reason) {
        return malformed.count(reason);
    }

    public long bytesUp() {
        return bytesUp.sum();
    }

    public long bytesDown() {
        return bytesDown.sum();
    }

    /** All requests, whatever their API. */
    public long requests() {
        long sum = 0;
        for (LongAdder counter : requestsByApi) {
            sum += counter == null ? 0 : counter.sum();
        }
        return sum;
    }

    /** Denials that were carried out, or those that dry-run let pass. */
    public long denials(boolean dryRun) {
        return (dryRun ? denialsDryRun : denialsEnforced).sum();
    }

    private LongAdder firstRequest(short apiKey) {
        String api = ApiKeys.hasId(apiKey) ? ApiKeys.forId(apiKey).name : "unknown";
        // Two event loops may come here at once: both get the same counter.
        LongAdder counter =
                metrics.requests.cell(Attributes.of(AttributeNames.LISTENER, listener, AttributeNames.API, api));
        requestsByApi[apiKey] = counter;
        return counter;
    }

    private Attributes with(String direction) {
        return Attributes.of(AttributeNames.LISTENER, listener, AttributeNames.DIRECTION, direction);
    }

    private Attributes login(Mechanism mechanism, String outcome) {
        return Attributes.of(
                AttributeNames.LISTENER,
                listener,
                AttributeNames.MECHANISM,
                mechanism.wireName(),
                AttributeNames.OUTCOME,
                outcome);
    }

    private Attributes reason(String reason) {
        return Attributes.of(AttributeNames.LISTENER, listener, AttributeNames.REASON, reason);
    }

    private static int apiKeysMax() {
        int max = 0;
        for (ApiKeys key : ApiKeys.values()) {
            max = Math.max(max, key.id);
        }
        return max;
    }

    private record DenialKey(String service, Operation operation, ResourceType resource, boolean dryRun) {
        Attributes attributes(String listener) {
            return Attributes.builder()
                    .put(AttributeNames.LISTENER, listener)
                    .put(AttributeNames.SERVICE, service)
                    .put(AttributeNames.OPERATION, AttributeNames.valueOf(operation))
                    .put(AttributeNames.RESOURCE, AttributeNames.valueOf(resource))
                    .put(AttributeNames.MODE, AttributeNames.mode(dryRun))
                    .build();
        }
    }
}
