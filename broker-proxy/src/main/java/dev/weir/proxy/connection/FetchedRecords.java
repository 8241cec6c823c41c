package dev.weir.proxy.connection;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.authorize.ResponseEdit;
import dev.weir.proxy.authorize.ResponseWatch;
import dev.weir.proxy.canary.ClusterCanaries;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.cluster.TopicDirectory;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.report.RefusedRead;
import dev.weir.proxy.rule.FetchRules;
import dev.weir.proxy.rule.FetchedPartition;
import dev.weir.proxy.rule.RecordRead;
import dev.weir.proxy.rule.RuleScope;
import dev.weir.proxy.rule.RuledFetch;
import dev.weir.proxy.telemetry.Denial;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Puts what one client fetches through the rules that concern it: on its event loop where that is quick, else on a worker, and
 * then no other response is read until it is done. Such a response is held until it is whole.
 */
final class FetchedRecords {
    /** So that a response that is held is not large; a batch that is larger comes all the same. */
    private static final int HELD_BYTES_MAX = 4 << 20;

    private final Connection connection;
    private final FetchRules rules;
    private final WorkerExecutor workers;
    private final ByteBufAllocator allocator;
    private final RuleScope scope;
    private final FetchedPartition.Topics topics;
    private final ClusterCanaries canaries;

    // What was asked last, and the answer: it is the same for all fetches of a session, but where policy changes.
    private @Nullable Set<String> asked;
    private int askedSize;
    private @Nullable Authorizer askedFor;
    private @Nullable Canaries askedOf;
    private boolean concerned;

    FetchedRecords(
            Connection connection,
            FetchRules rules,
            WorkerExecutor workers,
            ByteBufAllocator allocator,
            RuleScope scope) {
        this.connection = connection;
        this.rules = rules;
        this.workers = workers;
        this.allocator = allocator;
        this.scope = scope;
        this.canaries = connection.listener().cluster().canaries();
        this.topics = topics(connection.listener().cluster());
    }

    private static FetchedPartition.Topics topics(Cluster cluster) {
        TopicDirectory directory = cluster.topics();
        return new FetchedPartition.Topics() {
            @Override
            public @Nullable String name(Uuid id) {
                return directory.name(id);
            }

            @Override
            public @Nullable Uuid id(String name) {
                Uuid id = directory.id(name);
                if (id == null) {
                    cluster.topicMissed();
                }
                return id;
            }
        };
    }

    /**
     * Bounds what the broker may answer to a fetch whose response will be held.
     *
     * @param fetching what is fetched, or {@code null} when it is no fetch
     * @return whether the request was changed
     */
    boolean bound(ApiMessage request, @Nullable Fetching fetching, String clientId) {
        if (request instanceof FetchRequestData fetch
                && fetch.maxBytes() > HELD_BYTES_MAX
                && concerns(fetching, clientId)) {
            fetch.setMaxBytes(HELD_BYTES_MAX);
            return true;
        }
        return false;
    }

    /** Whether what a response brings has to go through rules, under the policy in force now. */
    boolean concerns(Pending.Upstream response) {
        RequestContext context = response.context();
        return context != null && concerns(response.fetching(), context.clientId());
    }

    private boolean concerns(@Nullable Fetching fetching, String clientId) {
        if (fetching == null) {
            return false;
        }
        Set<String> of = fetching.topics();
        Authorizer authorizer = connection.session().authorizer(clientId);
        Canaries canaries = this.canaries.known();
        if (!rules.areUsed(authorizer.snapshot(), canaries)) {
            return false;
        }
        if (of != asked || of.size() != askedSize || authorizer != askedFor || canaries != askedOf) {
            concerned = rules.concern(reader(authorizer, clientId, fetching), of);
            askedOf = canaries;
            asked = of;
            askedSize = of.size();
            askedFor = authorizer;
        }
        return concerned;
    }

    private RecordRead.Reader reader(Authorizer authorizer, String clientId, @Nullable Fetching fetching) {
        PolicySnapshot policy = authorizer.snapshot();
        String principal = connection.session().subject().principal().toString();
        boolean readsCommitted = fetching != null && fetching.readsCommitted();
        return new RecordRead.Reader(
                policy, canaries.known(), authorizer.service(), principal, clientId, readsCommitted);
    }

    /** Does it here. */
    void now(RuledResponse ruled) {
        boolean done = false;
        try {
            ruled.work().run();
            done = true;
        } finally {
            if (!done) {
                ruled.release();
            }
        }
    }

    /** Does it elsewhere; {@code then} takes the response over. */
    void later(RuledResponse ruled, Consumer<RuledResponse> then) {
        Future<RuledResponse> done = workers.executeBlocking(
                        () -> {
                            ruled.work().run();
                            return ruled;
                        },
                        false)
                .onFailure(cause -> ruled.release());
        connection.await(done, then, connection::onFailure);
    }

    /**
     * Waits until records that were withheld can perhaps be served, for as long as the client lets a broker wait for records.
     *
     * @param then takes the response over
     */
    void awaitNews(RuledResponse ruled, CompletionStage<Void> news, Consumer<RuledResponse> then) {
        CompletableFuture<RuledResponse> awaited = news.toCompletableFuture()
                .thenApply(ignored -> ruled)
                .completeOnTimeout(ruled, ruled.leftMillis(), TimeUnit.MILLISECONDS);
        connection.await(connection.waits().onLoop(awaited), then, connection::onFailure);
    }

    /**
     * What there is to do for a response.
     *
     * @param frame the whole response, addresses replaced; it is taken over
     * @param headBytes how much of it comes before the body
     */
    RuledResponse on(Pending.Upstream response, ByteBuf frame, int headBytes) {
        boolean taken = false;
        try {
            RequestContext context = response.context();
            String clientId = context == null ? "" : context.clientId();
            ApiMessage body = connection
                    .listener()
                    .protocol()
                    .codec()
                    .decodeResponse(
                            response.apiKey(),
                            response.version(),
                            frame.slice(frame.readerIndex() + headBytes, frame.readableBytes() - headBytes));
            RecordRead.Reader reader = reader(connection.session().authorizer(clientId), clientId, response.fetching());
            RuledResponse ruled = RuledResponse.now(response, frame, body, rules.on(body, topics, reader, scope));
            taken = true;
            return ruled;
        } finally {
            if (!taken) {
                frame.release();
            }
        }
    }

    /**
     * Gives the frame to send, by the policy that is in force when the work is done. What was held is released.
     *
     * @return a frame of the caller's
     */
    ByteBuf delivered(RuledResponse ruled) {
        Pending.Upstream response = ruled.response();
        ResponseWatch watch = response.watch();
        ResponseEdit<?> edit = watch != null ? watch.editNow() : response.edit();
        tell(ruled.work(), response);
        ruled.work().delivered(System.nanoTime() - ruled.cameNanos());
        if (edit == null && watch != null && ruled.body() instanceof FetchResponseData fetch) {
            watch.session(fetch.sessionId());
        }
        if (edit == null && !ruled.work().changed()) {
            ruled.work().release();
            return ruled.frame();
        }
        try {
            RequestContext context = response.context();
            ApiMessage body = context == null ? ruled.body() : ResponseEdit.applied(edit, ruled.body(), context);
            return connection
                    .listener()
                    .protocol()
                    .codec()
                    .encodeResponse(allocator, response.apiKey(), response.version(), response.correlationId(), body);
        } finally {
            ruled.release();
        }
    }

    private void tell(RuledFetch work, Pending.Upstream response) {
        ConnectionReports reports = connection.reports();
        if (reports != null) {
            reports.refused(work.refusals());
        }
        RequestContext context = response.context();
        for (RefusedRead refused : work.refusals()) {
            if (context != null) {
                deny(refused, context.clientId());
            }
        }
        for (String problem : work.problems()) {
            connection
                    .listener()
                    .log()
                    .warn(
                            "fetch-refused",
                            connection.listener().name(),
                            String.valueOf(connection.downstream().remoteAddress()),
                            problem,
                            "fetched records are refused");
        }
    }

    private void deny(RefusedRead refused, String clientId) {
        connection
                .listener()
                .telemetry()
                .denied(new Denial(
                        connection.listener().name(),
                        connection.session().subject().principal(),
                        connection.session().authorizer(clientId).service(),
                        clientId,
                        ResourceType.TOPIC,
                        refused.topic(),
                        Operation.READ,
                        new Decision(false, true, refused.rule())));
    }
}
