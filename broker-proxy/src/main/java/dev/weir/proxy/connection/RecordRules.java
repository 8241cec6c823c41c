package dev.weir.proxy.connection;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.canary.shadow.ShadowContext;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.report.CheckedRecords;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.rule.PassingRecords;
import dev.weir.proxy.rule.RecordRuleSet;
import dev.weir.proxy.rule.RecordWrite;
import dev.weir.proxy.rule.RequestRules;
import dev.weir.proxy.rule.RuleScope;
import dev.weir.proxy.rule.RuledProduce;
import dev.weir.proxy.wire.RequestHeader;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Puts the produce requests of one client through the rules that concern them: on its event loop where that is quick, else
 * on a worker. Nothing more is read from the client until that is done, until what rules wait for is known, and until what they
 * put aside is kept, so that the order of its requests stays.
 */
final class RecordRules {
    private final Connection connection;
    private final RequestRules rules;
    private final WorkerExecutor workers;
    private final RuleScope scope;
    private final FetchedRecords fetched;
    private @Nullable PassingRecords passing;

    RecordRules(Connection connection, RecordRuleSet rules, WorkerExecutor workers, ByteBufAllocator allocator) {
        this.connection = connection;
        this.rules = rules.requests();
        this.workers = workers;
        ListenerLimits limits = connection.listener().config().limits();
        this.scope = new RuleScope(
                allocator,
                new BatchLimits(limits.recordsBytesMax(), limits.decompressionRatioMax()),
                () -> connection.listener().cluster().state().clusterId(),
                connection.listener().cluster().deadLetters(),
                connection.listener().cluster().canaries(),
                connection.listener().metrics());
        this.fetched = new FetchedRecords(connection, rules.fetches(), workers, allocator, scope);
    }

    /** What is done with the records that the client fetches. */
    FetchedRecords fetched() {
        return fetched;
    }

    /** Who follows a request's records by the rules that may concern them, or {@code null} where none may. */
    @Nullable
    PassingRecords follow(RequestHeader header, PolicySnapshot policy) {
        if (!mayConcern(header, policy)) {
            return null;
        }
        PassingRecords known = passing;
        if (known == null) {
            known = rules.passing();
            passing = known;
        }
        return known.begin(policy);
    }

    private boolean mayConcern(RequestHeader header, PolicySnapshot policy) {
        return header.apiKey() == ApiKeys.PRODUCE.id && rules.areUsed(policy);
    }

    /** A request goes on whose records were followed, and are what they have to be. */
    void passed(PassingRecords records, Authorizer authorizer, @Nullable ConnectionReports reports) {
        for (CheckedRecords checked : records.checked()) {
            scope.metrics().schemas().checked(checked.topic(), authorizer.service(), checked.records());
            if (reports != null) {
                reports.checked(checked);
            }
        }
    }

    /** What there is to do for a request, by what its authorizer said; {@code null} for nothing. */
    @Nullable
    RuledRequest on(RequestFrame frame, RequestContext view, ApiMessage request, Outcome authorized) {
        Authorizer authorizer = connection.session().authorizer(view.clientId());
        if (!mayConcern(frame.header(), authorizer.snapshot())
                || !(goesOn(request, authorized) instanceof ProduceRequestData rest)) {
            return null;
        }
        RecordWrite.Writer writer = new RecordWrite.Writer(
                authorizer.snapshot(),
                authorizer.service(),
                connection.session().subject().principal().toString(),
                view.clientId(),
                view instanceof ShadowContext);
        RuledProduce work = rules.on(rest, view, writer, scope);
        return work == null ? null : new RuledRequest(frame, view, request, authorized, work);
    }

    /** What of a request goes to the broker, or {@code null} for nothing. */
    private static @Nullable ApiMessage goesOn(ApiMessage request, Outcome authorized) {
        if (authorized instanceof Outcome.Rewrite rewrite) {
            return rewrite.request();
        }
        if (authorized instanceof Outcome.Close close) {
            return close.last();
        }
        return authorized instanceof Outcome.Answer ? null : request;
    }

    /** Does it; {@code then} takes the request over. */
    void run(RuledRequest ruled, Consumer<RuledRequest> then) {
        RuledProduce work = ruled.work();
        if (!work.isHeavy()) {
            boolean done = false;
            try {
                work.run();
                done = true;
            } finally {
                if (!done) {
                    ruled.release();
                }
            }
            next(ruled, then);
            return;
        }
        Future<RuledRequest> done = workers.executeBlocking(
                        () -> {
                            work.run();
                            return ruled;
                        },
                        false)
                .onFailure(cause -> ruled.release());
        connection.await(done, ran -> next(ran, then), connection::onFailure);
    }

    /** The rules have run: again when what they wait for is known, or its time is over; else what they put aside is kept. */
    private void next(RuledRequest ruled, Consumer<RuledRequest> then) {
        CompletableFuture<Void> awaited = ruled.work().awaited();
        if (awaited != null) {
            connection.await(
                    connection.waits().onLoop(awaited.handle((known, failure) -> ruled)),
                    again -> run(again, then),
                    connection::onFailure);
            return;
        }
        CompletionStage<Void> kept = ruled.work().keep();
        if (kept == null) {
            then.accept(ruled);
        } else {
            connection.await(connection.waits().onLoop(kept).map(ruled), then, connection::onFailure);
        }
    }
}
