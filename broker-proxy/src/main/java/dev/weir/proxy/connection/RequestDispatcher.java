package dev.weir.proxy.connection;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.FaultEffect;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.ShadowLimits;
import dev.weir.proxy.authorize.ApiAuthorizer;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.Needs;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.authorize.ResponseEdit;
import dev.weir.proxy.authorize.ResponseWatch;
import dev.weir.proxy.canary.shadow.ShadowContext;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.mirror.CapturedProduce;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.report.Sent;
import dev.weir.proxy.report.Tap;
import dev.weir.proxy.rule.PassingRecords;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.traffic.ClientQuotas;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.RequestHeader;
import dev.weir.proxy.wire.ThrottleTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Decides the requests of an authenticated client, one after the other: what everything it names is allowed for goes on
 * as the bytes it came in; all else is decoded, and its API's authorizer says what becomes of it.
 *
 * <p>INVARIANT: the place in the queue of responses is taken before a request's bytes go out.
 */
final class RequestDispatcher {
    private static final int AGAIN_MILLIS = 5;

    private final Connection connection;
    private final ClientSession session;
    private final SocketPair sockets;
    private final InFlight inFlight;
    private final Cluster cluster;
    private final MessageCodec codec;
    private final ByteBufAllocator allocator;
    private final RequestScan scan;
    private final @Nullable ConnectionReports reports;
    private final RecordRules records;
    private final MirroredRequests mirrored;
    private final FaultedRequests faulted;
    private final ThrottleTime throttleTime;
    private final ClientQuotas quotas;

    /** For how long the client of the request at hand is told to be quiet. */
    private int throttleMillis;
    /** Whether records were given up: those behind them go nowhere either. */
    private boolean dropsRest;

    RequestDispatcher(
            Connection connection,
            SocketPair sockets,
            InFlight inFlight,
            MessageCodec codec,
            ByteBufAllocator allocator,
            RequestScan scan,
            RecordRules records,
            MirroredRequests mirrored,
            FaultedRequests faulted) {
        this.connection = connection;
        this.session = connection.session();
        this.sockets = sockets;
        this.inFlight = inFlight;
        this.cluster = connection.listener().cluster();
        this.codec = codec;
        this.allocator = allocator;
        this.scan = scan;
        this.reports = connection.reports();
        this.records = records;
        this.mirrored = mirrored;
        this.faulted = faulted;
        this.quotas = session.quotas();
        this.throttleTime = connection.listener().protocol().throttleTime();
    }

    /** A request's header is there; its body is about to be walked. */
    void begin(RequestHeader header) {
        Authorizer authorizer = session.authorizer(header.clientIdOrEmpty());
        Tap tap = reports == null
                ? null
                : reports.begin(header.apiKey(), session.subject(), authorizer, header.clientIdOrEmpty());
        ShadowLimits shadow = shadowing(header, authorizer);
        if (reports != null && tap != null && shadow != null) {
            reports.producesAs(shadow::toBroker);
        }
        PolicySnapshot policy = authorizer.snapshot();
        quotas.begin(authorizer.quotas());
        scan.reset(
                needs(header),
                authorizer,
                tap,
                records.follow(header, policy),
                mirrored.mayConcern(header, policy) ? mirrored : null,
                cluster.canaries().known(),
                header.clientIdOrEmpty());
    }

    /** Decides a whole request; first the cluster is asked about topic ids that nobody here knows. */
    void onRequest(RequestFrame frame) {
        if ((dropsRest || connection.waits().isMuted()) && isGivenUp(frame)) {
            frame.release();
            return;
        }
        Set<Uuid> unknown = scan.unknownTopicIds();
        if (unknown == null) {
            decide(frame);
        } else {
            connection.await(
                    cluster.resolve(unknown)
                            .transform(done -> connection.waits().onLoop(frame)),
                    this::decide,
                    connection::onFailure);
        }
    }

    private void decide(RequestFrame frame) {
        Authorizer authorizer = session.authorizer(frame.header().clientIdOrEmpty());
        faulted.came(scan.acks());
        throttleMillis = quotas.isEmpty() ? 0 : takeFromQuotas(frame);
        if (authorizer.faults().isEmpty()) {
            pass(frame, authorizer, null);
        } else {
            faulted(frame, authorizer, faulted.draw(frame, scan.acks(), authorizer));
        }
    }

    private int takeFromQuotas(RequestFrame frame) {
        short apiKey = frame.header().apiKey();
        long produced = apiKey == ApiKeys.PRODUCE.id ? frame.bytes() : 0;
        return quotas.requested(produced, apiKey == ApiKeys.FETCH.id || apiKey == ApiKeys.SHARE_FETCH.id);
    }

    private void faulted(RequestFrame frame, Authorizer authorizer, @Nullable FaultPolicy fault) {
        FaultEffect effect = fault == null ? null : fault.effect();
        if (effect instanceof FaultEffect.Delay delay) {
            connection.await(connection.waits().later(frame, delay.millis()), this::passLate, connection::onFailure);
        } else if (effect instanceof FaultEffect.Disconnect) {
            frame.release();
            connection.cut();
        } else {
            if (effect instanceof FaultEffect.Throttle throttle) {
                throttleMillis = Math.max(throttleMillis, throttle.millis());
            }
            pass(frame, authorizer, fault);
        }
    }

    /** A client that is gone has given its records up, or sends them again elsewhere: with what was held back here, they would be there twice. */
    private void passLate(RequestFrame frame) {
        if (isGivenUp(frame)) {
            dropsRest = true; // what is behind it, too: without it there would be a gap
            frame.release();
        } else if (connection
                .waits()
                .any()) { // for example a log-in at the broker, between whose requests nothing may come
            connection.await(connection.waits().later(frame, AGAIN_MILLIS), this::passLate, connection::onFailure);
        } else {
            pass(frame, session.authorizer(frame.header().clientIdOrEmpty()), null);
        }
    }

    private boolean isGivenUp(RequestFrame frame) {
        return connection.isClientGone() && frame.header().apiKey() == ApiKeys.PRODUCE.id && scan.acks() != 0;
    }

    /**
     * @param authorizer as policy is now, which may be another than when the request began
     * @param fault whose error is drawn for the request, if any is
     */
    private void pass(RequestFrame frame, Authorizer authorizer, @Nullable FaultPolicy fault) {
        RequestHeader header = frame.header();
        boolean waits = false;
        try {
            ShadowLimits shadow = shadowing(header, authorizer);
            if (fault == null
                    && shadow == null
                    && scan.allAllowed(authorizer)
                    && !scan.isRuled()
                    && !needs(header).decode()) {
                PassingRecords passed = scan.records();
                if (passed != null) {
                    records.passed(passed, authorizer, reports);
                }
                boolean decodes = scan.isMirrored() || (reports != null && reports.decodes(header.apiKey()));
                forward(frame, null, null, null, decodes ? decoded(frame) : null);
                return;
            }
            RequestContext view = new RequestView(connection, cluster, header.apiVersion(), header.clientIdOrEmpty());
            if (shadow != null) {
                view = new ShadowContext(view, shadow);
            }
            ApiMessage request = codec.decodeRequest(header.apiKey(), header.apiVersion(), frame.body());
            ApiKeys api = ApiKeys.forId(header.apiKey());
            Outcome outcome = faulted.answer(
                    fault, api, request, cluster.canaryGroups().decide(authorizerOf(header), api, request, view), view);
            RuledRequest ruled = records.on(frame, view, request, outcome);
            if (ruled == null) {
                perform(outcome, frame, view, request);
            } else {
                waits = true;
                records.run(ruled, this::perform);
            }
        } finally {
            if (!waits) {
                frame.release(); // nothing is left to release when its parts were handed on
            }
        }
    }

    /** For reports and mirrors alone: what cannot be decoded passes all the same. */
    private @Nullable ApiMessage decoded(RequestFrame frame) {
        try {
            return codec.decodeRequest(frame.header().apiKey(), frame.header().apiVersion(), frame.body());
        } catch (RuntimeException e) {
            return null;
        }
    }

    private void perform(Outcome decided, RequestFrame frame, RequestContext view, ApiMessage request) {
        RequestHeader header = frame.header();
        Outcome outcome = view instanceof ShadowContext shadow ? shadow.toBroker(request, decided) : decided;
        if (outcome instanceof Outcome.Forward forward) {
            forward(frame, view, forward.edit(), null, request);
        } else if (outcome instanceof Outcome.Watch watch) {
            if (records.fetched().bound(request, Fetching.of(request, view), view.clientId())) {
                ByteBuf bounded = encoded(header, request);
                expect(header, view, null, watch.watch(), request);
                sockets.writeUp(bounded);
            } else {
                forward(frame, view, null, watch.watch(), request);
            }
        } else if (outcome instanceof Outcome.Rewrite rewrite) {
            ByteBuf changed = encoded(header, rewrite.request());
            expect(header, view, rewrite.edit(), null, rewrite.request());
            sockets.writeUp(changed);
        } else if (outcome instanceof Outcome.Answer answer) {
            throttleMillis = Math.max(throttleMillis, answer.quietMillis());
            reply(header, answer.response());
        } else if (outcome instanceof Outcome.Close close) {
            ApiMessage last = close.last();
            if (last != null) {
                mirror(header, last, false);
                sockets.writeUp(encoded(header, last));
                if (reports != null) {
                    reports.sent(header.apiKey(), last, false);
                }
            }
            connection.close(MalformedReason.OUT_OF_PLACE, close.reason());
        }
    }

    private void reply(RequestHeader header, ApiMessage response) {
        short apiKey = header.apiKey();
        short version = header.apiVersion();
        ByteBuf frame = codec.encodeResponse(allocator, apiKey, version, header.correlationId(), response);
        if (throttleMillis > 0) {
            if (throttleTime.isFirst(apiKey, version)) {
                ThrottleTime.raise(frame, MessageCodec.responseBodyIndex(apiKey, version), throttleMillis);
            }
            connection.waits().mute(throttleMillis);
        }
        connection.reply(frame, false);
    }

    /** The rules have done their work. */
    private void perform(RuledRequest ruled) {
        try {
            Outcome outcome = ruled.outcome();
            if (reports != null) {
                ruled.work().report(reports);
            }
            perform(outcome, ruled.frame(), ruled.view(), ruled.request());
        } finally {
            ruled.release();
        }
    }

    private ByteBuf encoded(RequestHeader header, ApiMessage request) {
        return codec.encodeRequest(
                allocator, header.apiKey(), header.apiVersion(), header.correlationId(), header.clientId(), request);
    }

    private void forward(
            RequestFrame frame,
            @Nullable RequestContext view,
            @Nullable ResponseEdit<?> edit,
            @Nullable ResponseWatch watch,
            @Nullable ApiMessage request) {
        expect(frame.header(), view, edit, watch, request);
        frame.parts().forEach(sockets::writeUp);
        frame.parts().clear();
    }

    /** Produce with acks=0 gets no response. */
    private void expect(
            RequestHeader header,
            @Nullable RequestContext view,
            @Nullable ResponseEdit<?> edit,
            @Nullable ResponseWatch watch,
            @Nullable ApiMessage request) {
        boolean answered = scan.acks() != 0;
        Sent sent = reports == null ? null : reports.sent(header.apiKey(), request, answered);
        CapturedProduce copies = mirror(header, request, answered);
        if (answered && throttleMillis > 0 && header.apiKey() == ApiKeys.PRODUCE.id) {
            throttled(header, view, edit, sent, copies);
        } else if (answered) {
            inFlight.expect(new Pending.Upstream(
                    header.apiKey(),
                    header.apiVersion(),
                    header.correlationId(),
                    view,
                    edit,
                    watch,
                    Fetching.of(request, view),
                    sent,
                    throttleMillis,
                    copies));
        } else if (throttleMillis > 0) {
            connection.waits().mute(throttleMillis);
        }
    }

    /** The answer to a produce request ends with the time to be quiet for, so it has to be there whole. */
    private void throttled(
            RequestHeader header,
            @Nullable RequestContext view,
            @Nullable ResponseEdit<?> edit,
            @Nullable Sent sent,
            @Nullable CapturedProduce copies) {
        int millis = throttleMillis;
        ResponseEdit<ProduceResponseData> telling = (response, now) -> {
            ProduceResponseData edited = (ProduceResponseData) ResponseEdit.applied(edit, response, now);
            return edited.setThrottleTimeMs(Math.max(edited.throttleTimeMs(), millis));
        };
        inFlight.expect(new Pending.Upstream(
                header.apiKey(),
                header.apiVersion(),
                header.correlationId(),
                view != null
                        ? view
                        : new RequestView(connection, cluster, header.apiVersion(), header.clientIdOrEmpty()),
                telling,
                null,
                null,
                sent,
                millis,
                copies));
    }

    /** Copies what is to be mirrored of what goes up now. */
    private @Nullable CapturedProduce mirror(RequestHeader header, @Nullable ApiMessage request, boolean answered) {
        CapturedProduce copies = request == null
                ? null
                : mirrored.capture(
                        header, session.authorizer(header.clientIdOrEmpty()).snapshot(), request);
        if (copies != null && !answered) {
            copies.sent();
        }
        return copies;
    }

    private static ApiAuthorizer<ApiMessage> authorizerOf(RequestHeader header) {
        ApiAuthorizer<ApiMessage> found = ApiAuthorizers.of(ApiKeys.forId(header.apiKey()));
        if (found == null) {
            throw new IllegalStateException("nobody decides api key " + header.apiKey());
        }
        return found;
    }

    private static Needs needs(RequestHeader header) {
        ApiAuthorizer<ApiMessage> found = ApiAuthorizers.of(ApiKeys.forId(header.apiKey()));
        return found == null ? Needs.DECODE : found.needs(header.apiVersion());
    }

    /** What the client may do, if it is the shadow of another; {@code null} if it is none. */
    private @Nullable ShadowLimits shadowing(RequestHeader header, Authorizer authorizer) {
        Canaries canaries = cluster.canaries().known();
        return canaries.isEmpty()
                ? null
                : canaries.shadowing(authorizer.service().orElse(""), header.clientIdOrEmpty());
    }
}
