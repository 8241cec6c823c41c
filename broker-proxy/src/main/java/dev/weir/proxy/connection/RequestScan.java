package dev.weir.proxy.connection;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.authorize.Needs;
import dev.weir.proxy.cluster.TopicDirectory;
import dev.weir.proxy.report.Tap;
import dev.weir.proxy.rule.PassingRecords;
import dev.weir.proxy.traffic.ClientQuotas;
import dev.weir.proxy.wire.Field;
import dev.weir.proxy.wire.FieldVisitor;
import dev.weir.proxy.wire.Interest;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the walk through one request: decides the names as they come by, for the requests that pass as they are,
 * and collects the topic ids that are not known yet.
 */
final class RequestScan implements FieldVisitor {
    static final Interest INTEREST =
            Interest.in(Field.TOPIC_NAME, Field.TOPIC_ID, Field.GROUP_ID, Field.TRANSACTIONAL_ID, Field.ACKS);

    /** As {@link #INTEREST}, for requests whose records are reported. */
    static final Interest REPORTED_INTEREST = Interest.in(
            Field.TOPIC_NAME,
            Field.TOPIC_ID,
            Field.GROUP_ID,
            Field.TRANSACTIONAL_ID,
            Field.ACKS,
            Field.PARTITION_INDEX,
            Field.RECORDS);

    /** What goes beyond stays unknown: nobody's topic ids are worth more of the cluster's time. */
    private static final int UNKNOWN_TOPIC_IDS_MAX = 1_000;

    private final Names names;
    private final TopicDirectory topics;
    private final ClientQuotas quotas;

    private Needs needs = Needs.DECODE;
    private @Nullable Authorizer authorizer;
    private boolean allAllowed;
    private int acks;
    private @Nullable Set<Uuid> unknownTopicIds;
    private @Nullable Tap tap;
    private @Nullable PassingRecords records;
    private Canaries canaries = Canaries.EMPTY;
    private String clientId = "";
    private @Nullable MirroredRequests mirrors;
    private boolean mirrored;

    RequestScan(Names names, TopicDirectory topics, ClientQuotas quotas) {
        this.names = names;
        this.topics = topics;
        this.quotas = quotas;
    }

    /**
     * Begins a new request.
     *
     * @param tap who is told what is reported of it, or {@code null}
     * @param records follows them by the rules that may concern them, or {@code null} where none may
     * @param mirrors that may be about these topics, or {@code null}
     * @param canaries of the cluster
     * @param clientId of the request, or the empty string
     */
    void reset(
            Needs needs,
            @Nullable Authorizer authorizer,
            @Nullable Tap tap,
            @Nullable PassingRecords records,
            @Nullable MirroredRequests mirrors,
            Canaries canaries,
            String clientId) {
        this.mirrors = mirrors;
        this.mirrored = false;
        this.canaries = canaries;
        this.clientId = clientId;
        this.tap = tap;
        this.records = records;
        this.needs = needs;
        this.authorizer = authorizer;
        this.allAllowed = true;
        this.acks = 1;
        this.unknownTopicIds = null;
    }

    /** Whether everything that the request names was allowed by the authorizer that it was read under, and goes by its own name. */
    boolean allAllowed(Authorizer now) {
        return allAllowed && now == authorizer;
    }

    /** Whether a rule has to see the request's records, under the policy that it was read under. */
    boolean isRuled() {
        return records != null && records.isRuled();
    }

    /** Who has followed the records, or {@code null} where no rule may concern them. */
    @Nullable
    PassingRecords records() {
        return records;
    }

    /** Whether a mirror is about a topic that the request names, under the policy that it was read under. */
    boolean isMirrored() {
        return mirrored;
    }

    int acks() {
        return acks;
    }

    /** Topic ids that the cluster must be asked about before the request can be decided, or {@code null} for none. */
    @Nullable
    Set<Uuid> unknownTopicIds() {
        return unknownTopicIds;
    }

    @Override
    public void number(Field field, long value) {
        if (field == Field.ACKS) {
            acks = (int) value;
        } else if (tap != null) {
            tap.number(field, value);
        }
    }

    @Override
    public void bytesBegin(Field field, int lengthBytes) {
        if (tap != null) {
            tap.recordsBegin(lengthBytes);
        }
        if (records != null) {
            records.recordsBegin(lengthBytes);
        }
    }

    @Override
    public void bytesChunk(Field field, ByteBuf chunk, int index, int lengthBytes) {
        if (tap != null) {
            tap.recordsChunk(chunk, index, lengthBytes);
        }
        if (records != null) {
            records.recordsChunk(chunk, index, lengthBytes);
        }
    }

    @Override
    public void bytesEnd(Field field) {
        if (records != null) {
            records.recordsEnd();
        }
    }

    @Override
    public void string(Field field, byte[] utf8, int lengthBytes) {
        if (tap != null && field == Field.TOPIC_NAME) {
            tap.topic(names.of(utf8, lengthBytes));
        }
        if (field == Field.TOPIC_NAME && !quotas.isEmpty()) {
            quotas.names(names.of(utf8, lengthBytes));
        }
        if (!allAllowed || needs.decode()) {
            return;
        }
        switch (field) {
            case TOPIC_NAME -> check(ResourceType.TOPIC, needs.topic(), utf8, lengthBytes);
            case GROUP_ID -> check(ResourceType.GROUP, needs.group(), utf8, lengthBytes);
            case TRANSACTIONAL_ID -> check(ResourceType.TRANSACTIONAL_ID, needs.transactionalId(), utf8, lengthBytes);
            default -> {
                // nothing that policy decides
            }
        }
    }

    @Override
    public void uuid(Field field, long mostSignificantBits, long leastSignificantBits) {
        if (field != Field.TOPIC_ID) {
            return;
        }
        Uuid id = new Uuid(mostSignificantBits, leastSignificantBits);
        if (id.equals(Uuid.ZERO_UUID)) {
            allAllowed = false; // names nothing: its authorizer knows what that means
            return;
        }
        if (tap != null) {
            tap.topic(id);
        }
        String name = topics.name(id);
        if (name != null && !quotas.isEmpty()) {
            quotas.names(name);
        }
        if (name == null) {
            allAllowed = false;
            if (unknownTopicIds == null) {
                unknownTopicIds = new LinkedHashSet<>();
            }
            if (unknownTopicIds.size() < UNKNOWN_TOPIC_IDS_MAX) {
                unknownTopicIds.add(id);
            }
        } else if (allAllowed && !needs.decode() && needs.topic() != null) {
            check(ResourceType.TOPIC, needs.topic(), name);
        }
    }

    private void check(ResourceType type, @Nullable Operation operation, byte[] utf8, int lengthBytes) {
        if (operation != null) {
            check(type, operation, names.of(utf8, lengthBytes));
        }
    }

    /** Whether a canary shares the group, or has to know that the client is in it. */
    private boolean isCanarys(Authorizer of, String group) {
        return canaries.ofGroup(group) != null
                || (!canaries.isEmpty() && canaries.names(of.service().orElse(""), clientId));
    }

    private void check(ResourceType type, Operation operation, String name) {
        allAllowed = authorizer != null
                && authorizer.decide(type, name, operation).allowed()
                && (type != ResourceType.GROUP || !isCanarys(authorizer, name));
        if (records != null && type == ResourceType.TOPIC) {
            records.topic(name);
        }
        if (mirrors != null && authorizer != null && type == ResourceType.TOPIC && !mirrored) {
            mirrored = mirrors.concern(authorizer.snapshot(), name);
        }
    }
}
