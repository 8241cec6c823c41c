package dev.weir.proxy.canary.shadow;

import dev.weir.policy.decide.Names;
import dev.weir.policy.decide.ShadowLimits;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.ResponseEdit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.jspecify.annotations.Nullable;

/**
 * The other names of one request: topics that a shadow writes to, and transactional ids, so that its transactions fence nobody else's. They are the same on
 * the way down, whatever policy says by then.
 */
final class ShadowRequest {
    private final ShadowLimits limits;
    /** Topics that the request names, by the client's names. */
    private final Set<String> topics = new HashSet<>();

    private boolean changed;
    private boolean asksForAll;

    ShadowRequest(ShadowLimits limits) {
        this.limits = limits;
    }

    /**
     * Puts the names in that brokers know.
     *
     * @param request it is changed
     */
    Outcome rename(ApiMessage request, Outcome decided) {
        if (decided instanceof Outcome.Rewrite rewrite) {
            rename(rewrite.request());
            return new Outcome.Rewrite(rewrite.request(), restoring(rewrite.edit()));
        }
        if (decided instanceof Outcome.Forward forward) {
            rename(request);
            ResponseEdit<?> edit = restoring(forward.edit());
            return changed ? new Outcome.Rewrite(request, edit) : new Outcome.Forward(edit);
        }
        if (decided instanceof Outcome.Close close) {
            ApiMessage last = close.last();
            if (last != null) {
                rename(last);
            }
        }
        return decided;
    }

    private void rename(ApiMessage request) {
        if (request instanceof ProduceRequestData produce) {
            produce.setTransactionalId(id(produce.transactionalId()));
            Moved.rename(
                    produce.topicData(), topic -> topic.setName(topic(topic.name())), topic -> isOther(topic.name()));
        } else if (request instanceof MetadataRequestData metadata) {
            rename(metadata);
        } else if (request instanceof InitProducerIdRequestData init) {
            init.setTransactionalId(id(init.transactionalId()));
        } else if (request instanceof AddPartitionsToTxnRequestData add) {
            add.setV3AndBelowTransactionalId(knownId(add.v3AndBelowTransactionalId()));
            Moved.rename(
                    add.v3AndBelowTopics(),
                    topic -> topic.setName(topic(topic.name())),
                    topic -> isOther(topic.name()));
        } else if (request instanceof AddOffsetsToTxnRequestData add) {
            add.setTransactionalId(knownId(add.transactionalId()));
        } else if (request instanceof TxnOffsetCommitRequestData commit) {
            commit.setTransactionalId(knownId(commit.transactionalId()));
        } else if (request instanceof EndTxnRequestData end) {
            end.setTransactionalId(knownId(end.transactionalId()));
        } else if (request instanceof FindCoordinatorRequestData find) {
            if (find.keyType() == CoordinatorType.TRANSACTION.id()) {
                find.setKey(knownId(find.key())).setCoordinatorKeys(knownIds(find.coordinatorKeys()));
            }
        } else if (request instanceof DescribeTransactionsRequestData describe) {
            describe.setTransactionalIds(knownIds(describe.transactionalIds()));
        } else if (request instanceof ListTransactionsRequestData) {
            asksForAll = true;
        } else {
            renameLookedAt(request);
        }
    }

    /** What a topic is that it may write to, and how far: that of the one which really gets it. */
    private void renameLookedAt(ApiMessage request) {
        if (request instanceof ListOffsetsRequestData list) {
            list.topics().forEach(topic -> topic.setName(topic(topic.name())));
        } else if (request instanceof DescribeTopicPartitionsRequestData describe) {
            asksForAll |= describe.topics().isEmpty();
            describe.topics().forEach(topic -> topic.setName(topic(topic.name())));
            DescribeTopicPartitionsRequestData.Cursor cursor = describe.cursor();
            if (cursor != null) {
                cursor.setTopicName(topic(cursor.topicName()));
            }
        } else if (request instanceof DescribeConfigsRequestData describe) {
            describe.resources().stream()
                    .filter(resource -> resource.resourceType() == ConfigResource.Type.TOPIC.id())
                    .forEach(resource -> resource.setResourceName(topic(resource.resourceName())));
        }
    }

    private void rename(MetadataRequestData metadata) {
        List<MetadataRequestTopic> asked = metadata.topics();
        if (asked == null || asked.isEmpty() || asked.stream().anyMatch(topic -> topic.name() == null)) {
            asksForAll = true; // or by id: what comes back is to have the client's names
            return;
        }
        asked.forEach(topic -> topic.setName(topic(topic.name())));
    }

    private boolean isOther(String topic) {
        return limits.redirected().contains(topic);
    }

    private String topic(String name) {
        if (isOther(name)) {
            topics.add(name);
            changed = true;
        }
        return limits.toBroker(name);
    }

    private @Nullable String id(@Nullable String transactionalId) {
        return transactionalId == null ? null : knownId(transactionalId);
    }

    /** One that is empty, which brokers refuse, stays so. */
    private String knownId(String transactionalId) {
        if (transactionalId.isEmpty()) {
            return transactionalId;
        }
        changed = true;
        return transactionalId + Names.RESERVED_SUFFIX;
    }

    private List<String> knownIds(List<String> transactionalIds) {
        return transactionalIds.stream().map(this::knownId).toList();
    }

    /** The broker's answer, with the names that the client knows; then whatever else is changed in it. */
    private @Nullable ResponseEdit<?> restoring(@Nullable ResponseEdit<?> edit) {
        if (!changed && !asksForAll) {
            return edit;
        }
        ShadowResponse names = new ShadowResponse(limits, asksForAll ? limits.redirected() : topics);
        ResponseEdit<ApiMessage> restoring = (response, context) -> {
            names.restore(response, context);
            return ResponseEdit.applied(edit, response, context);
        };
        return restoring;
    }
}
