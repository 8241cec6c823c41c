package dev.weir.proxy.rule;

import dev.weir.policy.decide.Operation;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.RefusedPartitions;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.authorize.ResponseEdit;
import dev.weir.proxy.report.CheckedRecords;
import dev.weir.proxy.report.ConnectionReports;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * The rules at work on one produce request. Made on the event loop; {@link #run} on any thread, and again for as long as there
 * is something {@link #awaited}; all else on the event loop again. It owns the changed records until {@link #release}, and the request's own must live as long.
 */
public final class RuledProduce {
    private final ProduceRequestData request;
    private final List<RequestRule> rules;
    private final RuleScope scope;
    private final Object policyToken;
    private final List<RuledPart> parts = new ArrayList<>();
    private final List<ByteBuf> owned = new ArrayList<>();
    private final RuledAnswer answer = new RuledAnswer();
    private final RuleWait wait = new RuleWait();
    private double loopShare;

    /** @param policyToken of the policy under which the request was decided */
    RuledProduce(ProduceRequestData request, List<RequestRule> rules, RuleScope scope, Object policyToken) {
        this.request = request;
        this.rules = rules;
        this.scope = scope;
        this.policyToken = policyToken;
    }

    /**
     * Without records there is nothing to do: the broker refuses such a partition.
     *
     * @param loopBytesMax what an event loop does itself
     */
    void add(TopicProduceData topic, PartitionProduceData partition, RecordWrite write, int loopBytesMax) {
        if (partition.records() instanceof MemoryRecords records && records.sizeInBytes() > 0) {
            parts.add(new RuledPart(topic, partition, records, write));
            loopShare += BatchWeight.ofAll(records.buffer()) / Math.max(0.5, loopBytesMax);
        }
    }

    /** Whether it takes longer than an event loop has for one request. */
    public boolean isHeavy() {
        return loopShare > 1;
    }

    /** Lets all rules do their work; what has to wait for something is to be run again. */
    public void run() {
        wait.begin();
        parts.forEach(part -> part.run(rules, scope, owned, wait));
    }

    /** Complete, in bounded time, when {@link #run} is to be called again; {@code null} when all rules are through. */
    public @Nullable CompletableFuture<Void> awaited() {
        return wait.end();
    }

    /**
     * Has kept what the rules put aside. Afterwards it is known what becomes of the request.
     *
     * @return {@code null} when there is nothing to wait for; else it completes on any thread, and does not fail
     */
    public @Nullable CompletableFuture<Void> keep() {
        CompletableFuture<?>[] kept = parts.stream()
                .map(part -> part.keep(scope))
                .filter(Objects::nonNull)
                .toArray(CompletableFuture<?>[]::new);
        return kept.length == 0 ? null : CompletableFuture.allOf(kept);
    }

    /**
     * What becomes of the request.
     *
     * @param authorized what its authorizer has said; the records are those of the request that goes on by it
     */
    public Outcome outcome(Outcome authorized, RequestContext context) {
        takeOut();
        if (!context.policyToken().equals(policyToken)) {
            decideAgain(context);
        }
        if (authorized instanceof Outcome.Close close) {
            return new Outcome.Close(close.reason(), request.topicData().isEmpty() ? null : request);
        }
        ResponseEdit<ProduceResponseData> before = editOf(authorized);
        if (answer.isEmpty()) {
            // what no rule has changed goes on in the bytes that it came in
            return owned.isEmpty() && authorized instanceof Outcome.Forward
                    ? authorized
                    : new Outcome.Rewrite(request, before);
        }
        if (request.acks() == 0) {
            return withoutAnswer(answer.refused());
        }
        ResponseEdit<ProduceResponseData> edit =
                (response, now) -> answer.addTo(before == null ? response : before.edit(response, now));
        return request.topicData().isEmpty()
                ? new Outcome.Answer(edit.edit(new ProduceResponseData(), context))
                : new Outcome.Rewrite(request, edit);
    }

    private Outcome withoutAnswer(RefusedPartitions refused) {
        if (!refused.isEmpty()) {
            return refused.closed(request);
        }
        return request.topicData().isEmpty() ? Outcome.DONE : new Outcome.Rewrite(request, null);
    }

    @SuppressWarnings("ReferenceEquality") // to be equal would be to have equal records
    private void takeOut() {
        for (RuledPart part : parts) {
            if (answer.add(part)) {
                part.topic().partitionData().removeIf(partition -> partition == part.partition());
                if (part.topic().partitionData().isEmpty()) {
                    request.topicData().remove(part.topic());
                }
            }
        }
    }

    /** While records were kept, policy may have taken back what it had allowed. */
    private void decideAgain(RequestContext context) {
        String transactionalId = request.transactionalId();
        if (transactionalId != null && !context.allowsTransactionalId(transactionalId, Operation.WRITE)) {
            ApiError error = new ApiError(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, null);
            request.topicData().forEach(topic -> answer.refused().add(topic, error));
            request.topicData().clear();
            return;
        }
        List<TopicProduceData> gone = new ArrayList<>(0);
        for (TopicProduceData topic : request.topicData()) {
            String name = topic.name().isEmpty() ? context.topicName(topic.topicId()) : topic.name();
            if (name == null || !context.allowsTopic(name, Operation.WRITE)) {
                answer.refused().add(topic, new ApiError(Errors.TOPIC_AUTHORIZATION_FAILED, null));
                gone.add(topic);
            }
        }
        gone.forEach(request.topicData()::remove);
    }

    /** Tells what was held against schemas, and what went elsewhere, once the outcome is known. */
    public void report(ConnectionReports reports) {
        for (RuledPart part : parts) {
            CheckedRecords checked = part.checked();
            if (checked != null) {
                reports.checked(checked);
            }
            part.report(reports);
        }
        reports.takenOut(answer.takenOut());
    }

    @SuppressWarnings("unchecked") // the outcome is that of a produce request
    private static @Nullable ResponseEdit<ProduceResponseData> editOf(Outcome authorized) {
        return authorized instanceof Outcome.Rewrite rewrite
                ? (ResponseEdit<ProduceResponseData>) rewrite.edit()
                : null;
    }

    /** Gives the changed records back: the request was encoded, or will never be. */
    public void release() {
        owned.forEach(ByteBuf::release);
        owned.clear();
        parts.forEach(part -> part.release(scope.deadLetters()));
    }
}
