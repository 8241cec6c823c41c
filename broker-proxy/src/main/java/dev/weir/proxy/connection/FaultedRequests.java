package dev.weir.proxy.connection;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.FaultEffect;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.traffic.FaultAnswers;
import dev.weir.proxy.traffic.FaultOutcome;
import dev.weir.proxy.traffic.Faults;
import dev.weir.proxy.traffic.TopicFaults;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.RequestHeader;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Draws the requests of one client for the faults of its Service, and answers those that an error is drawn for. Event loop of the connection. */
final class FaultedRequests {
    private final Connection connection;
    private final Faults faults;
    private final RandomGenerator random;
    private final MessageCodec codec;

    /** An error for the next fetch that names everything; {@code null} for none. */
    private @Nullable FaultPolicy owed;
    /** Whether it has written records that it wants no acknowledgement for, some of which may be on their way here. */
    private boolean unacknowledged;

    FaultedRequests(Connection connection, Faults faults, RandomGenerator random) {
        this.connection = connection;
        this.faults = faults;
        this.random = random;
        this.codec = connection.listener().protocol().codec();
    }

    /** A request has come whole, whether or not there are faults now: one that comes into force later must know. */
    void came(int acks) {
        unacknowledged |= acks == 0;
    }

    /**
     * Draws a request that has come whole.
     *
     * @param frame stays with the caller
     * @param acks of a produce request
     * @return the fault that hits it, or {@code null} for none
     */
    @Nullable
    FaultPolicy draw(RequestFrame frame, int acks, Authorizer authorizer) {
        RequestHeader header = frame.header();
        if (owed != null && header.apiKey() == ApiKeys.FETCH.id) {
            FaultPolicy due = owed;
            owed = null;
            return due;
        }
        List<FaultPolicy> drawn = authorizer.faults().draw(header.apiKey(), random);
        return drawn.isEmpty() ? null : first(drawn, frame, acks);
    }

    private @Nullable FaultPolicy first(List<FaultPolicy> drawn, RequestFrame frame, int acks) {
        boolean produce = frame.header().apiKey() == ApiKeys.PRODUCE.id;
        boolean decodes = drawn.stream()
                .anyMatch(
                        fault -> !fault.topics().isEmpty() || (produce && fault.effect() instanceof FaultEffect.Fail));
        ApiMessage request = decodes ? decoded(frame) : null;
        for (FaultPolicy fault : drawn) {
            if (fault.topics().isEmpty() || (request != null && names(fault, request, frame.header()))) {
                FaultOutcome outcome = outcome(fault, acks, request);
                count(fault, outcome, frame.header());
                if (outcome == FaultOutcome.INJECTED) {
                    return fault;
                }
            }
        }
        return null;
    }

    private boolean names(FaultPolicy fault, ApiMessage request, RequestHeader header) {
        Cluster cluster = connection.listener().cluster();
        return TopicFaults.concern(
                fault, request, new RequestView(connection, cluster, header.apiVersion(), header.clientIdOrEmpty()));
    }

    /** What cannot be decoded names nothing. */
    private @Nullable ApiMessage decoded(RequestFrame frame) {
        try {
            return codec.decodeRequest(frame.header().apiKey(), frame.header().apiVersion(), frame.body());
        } catch (RuntimeException e) {
            return null;
        }
    }

    private FaultOutcome outcome(FaultPolicy fault, int acks, @Nullable ApiMessage request) {
        if (fault.dryRun()) {
            return FaultOutcome.DRY_RUN;
        }
        boolean loses = fault.effect() instanceof FaultEffect.Fail
                ? acks == 0 || (request instanceof ProduceRequestData produce && FirstSequence.isIn(produce))
                : fault.effect() instanceof FaultEffect.Disconnect && unacknowledged;
        return loses ? FaultOutcome.SPARED : FaultOutcome.INJECTED;
    }

    private void count(FaultPolicy fault, FaultOutcome outcome, RequestHeader header) {
        faults.drawn(
                fault,
                outcome,
                connection.listener().name(),
                header.clientIdOrEmpty(),
                ApiKeys.forId(header.apiKey()).name);
    }

    /**
     * The answer with the error of a fault, where it has one and the request would go to its broker.
     *
     * @param fault that hits the request, or {@code null}
     * @param request as its authorizer left it
     * @param authorized what its authorizer has said
     */
    Outcome answer(
            @Nullable FaultPolicy fault, ApiKeys api, ApiMessage request, Outcome authorized, RequestContext view) {
        if (fault == null || !(fault.effect() instanceof FaultEffect.Fail error)) {
            return authorized;
        }
        Outcome outcome = FaultAnswers.of(fault, Errors.valueOf(error.code().name()), api, request, authorized, view);
        if (outcome != authorized
                && outcome instanceof Outcome.Answer answer
                && answer.response() instanceof FetchResponseData fetch
                && fetch.errorCode() == Errors.FETCH_SESSION_ID_NOT_FOUND.code()) {
            owed = fault;
        }
        return outcome;
    }
}
