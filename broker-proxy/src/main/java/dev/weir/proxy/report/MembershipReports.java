package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Membership.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which group, from what members say to the coordinator of theirs. A membership is reported when it begins,
 * changes or ends, and from time to time in between. Event loop of the connection.
 */
final class MembershipReports {
    private static final long AGAIN_MILLIS = 10_000;
    private static final int MEMBERS_MAX = 1_000;
    private static final String CONSUMER_PROTOCOL_TYPE = "consumer";

    private record Key(String group, String member) {}

    private record Known(Events.Member member, long reportedMillis) {}

    /**
     * The generation of a group, or the epoch of a member.
     *
     * @param begins whether the member comes to it now
     */
    private record Epoch(int value, boolean begins) {
        static final Epoch UNKNOWN = new Epoch(0, false);

        /** What a member had when it asked, and what it was told. */
        static Epoch of(int asked, int told) {
            return new Epoch(told, told > asked);
        }
    }

    private final ConnectionReports connection;
    private final Map<Key, Known> known = new HashMap<>(1);

    MembershipReports(ConnectionReports connection) {
        this.connection = connection;
    }

    void joined(ReportedClient client, JoinGroupRequestData request, JoinGroupResponseData response) {
        if (response.errorCode() != 0) {
            return;
        }
        TreeSet<String> topics = new TreeSet<>();
        if (request.protocolType().equals(CONSUMER_PROTOCOL_TYPE)) {
            request.protocols().forEach(protocol -> topics.addAll(subscribed(protocol.metadata())));
        }
        member(
                client,
                new Key(request.groupId(), response.memberId()),
                Protocol.CLASSIC,
                request.groupInstanceId(),
                List.copyOf(topics),
                new Epoch(response.generationId(), true));
    }

    /** What a member of the classic protocol wants to read; nothing when it speaks of something else. */
    private static List<String> subscribed(byte[] metadata) {
        try {
            return ConsumerProtocol.deserializeSubscription(java.nio.ByteBuffer.wrap(metadata))
                    .topics();
        } catch (KafkaException | java.nio.BufferUnderflowException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /** A member of the classic protocol is still there. */
    void alive(
            ReportedClient client,
            String group,
            String member,
            @Nullable String instance,
            int generation,
            short errorCode) {
        if (errorCode == 0) {
            member(client, new Key(group, member), Protocol.CLASSIC, instance, null, new Epoch(generation, false));
        }
    }

    void left(ReportedClient client, LeaveGroupRequestData request, short errorCode) {
        if (errorCode != 0) {
            return;
        }
        if (!request.memberId().isEmpty()) {
            left(client, request.groupId(), request.memberId(), Protocol.CLASSIC, null);
        }
        request.members()
                .forEach(member ->
                        left(client, request.groupId(), member.memberId(), Protocol.CLASSIC, member.groupInstanceId()));
    }

    void heartbeat(
            ReportedClient client,
            ConsumerGroupHeartbeatRequestData request,
            ConsumerGroupHeartbeatResponseData response) {
        String member = response.memberId() == null ? request.memberId() : response.memberId();
        if (response.errorCode() != 0) {
            return;
        }
        if (request.memberEpoch() < 0) {
            leave(client, request);
            return;
        }
        member(
                client,
                new Key(request.groupId(), member),
                Protocol.CONSUMER,
                request.instanceId(),
                request.subscribedTopicNames(),
                Epoch.of(request.memberEpoch(), response.memberEpoch()));
        ConsumerGroupHeartbeatResponseData.Assignment assignment = response.assignment();
        if (assignment != null) {
            List<String> assigned = new ArrayList<>();
            assignment.topicPartitions().forEach(topic -> {
                String name = connection.topics().name(topic.topicId());
                if (name != null) {
                    assigned.add(name);
                }
            });
            connection.groups().seen(client, request.groupId(), assigned, System.currentTimeMillis());
        }
    }

    void heartbeat(
            ReportedClient client, ShareGroupHeartbeatRequestData request, ShareGroupHeartbeatResponseData response) {
        if (response.errorCode() != 0) {
            return;
        }
        if (request.memberEpoch() < 0) {
            leave(client, request);
            return;
        }
        String member = response.memberId() == null ? request.memberId() : response.memberId();
        member(
                client,
                new Key(request.groupId(), member),
                Protocol.SHARE,
                null,
                request.subscribedTopicNames(),
                Epoch.of(request.memberEpoch(), response.memberEpoch()));
    }

    void heartbeat(
            ReportedClient client,
            StreamsGroupHeartbeatRequestData request,
            StreamsGroupHeartbeatResponseData response) {
        if (response.errorCode() != 0) {
            return;
        }
        if (request.memberEpoch() < 0) {
            leave(client, request);
            return;
        }
        List<String> topics = null;
        StreamsGroupHeartbeatRequestData.Topology topology = request.topology();
        if (topology != null) {
            TreeSet<String> sources = new TreeSet<>();
            topology.subtopologies().forEach(part -> {
                sources.addAll(part.sourceTopics());
                part.repartitionSourceTopics().forEach(topic -> sources.add(topic.name()));
            });
            topics = List.copyOf(sources);
        }
        member(
                client,
                new Key(request.groupId(), request.memberId()),
                Protocol.STREAMS,
                request.instanceId(),
                topics,
                Epoch.of(request.memberEpoch(), response.memberEpoch()));
    }

    /** A share fetch names its group itself. */
    void reads(ReportedClient client, String group, String member) {
        Known before = known.get(new Key(group, member));
        if (before == null || System.currentTimeMillis() - before.reportedMillis >= AGAIN_MILLIS) {
            member(client, new Key(group, member), Protocol.SHARE, null, null, Epoch.UNKNOWN);
        }
    }

    /** @param topics {@code null} when it says nothing new of them */
    private void member(
            ReportedClient client,
            Key key,
            Protocol protocol,
            @Nullable String instance,
            @Nullable List<String> topics,
            Epoch epoch) {
        long nowMillis = System.currentTimeMillis();
        Known before = known.get(key);
        Events.Member now = new Events.Member(
                protocol,
                instance == null ? before == null ? "" : before.member.instance() : instance,
                topics == null ? before == null ? List.of() : before.member.topics() : List.copyOf(topics),
                false,
                epoch.value > 0 || before == null ? epoch.value : before.member.epoch(),
                Set.of());
        if (before == null
                || epoch.begins
                || !now.equals(before.member)
                || nowMillis - before.reportedMillis >= AGAIN_MILLIS) {
            if (known.size() >= MEMBERS_MAX) {
                known.clear();
            }
            known.put(key, new Known(now, nowMillis));
            connection
                    .loop()
                    .events()
                    .member(
                            new Events.MembershipKey(client, key.group, key.member),
                            epoch.begins ? now.begins(epoch.value) : now);
            connection.groups().seen(client, key.group, now.topics(), nowMillis);
        }
    }

    /**
     * A member says that it leaves, if that is what the request says. Newer clients close right behind it (KIP-848): nobody may be
     * there any more to see the answer.
     */
    void leave(ReportedClient client, ApiMessage request) {
        if (request instanceof LeaveGroupRequestData leave) {
            left(client, leave, Errors.NONE.code());
        } else if (request instanceof ConsumerGroupHeartbeatRequestData beat && beat.memberEpoch() < 0) {
            left(client, beat.groupId(), beat.memberId(), Protocol.CONSUMER, beat.instanceId());
        } else if (request instanceof ShareGroupHeartbeatRequestData beat && beat.memberEpoch() < 0) {
            left(client, beat.groupId(), beat.memberId(), Protocol.SHARE, null);
        } else if (request instanceof StreamsGroupHeartbeatRequestData beat && beat.memberEpoch() < 0) {
            left(client, beat.groupId(), beat.memberId(), Protocol.STREAMS, beat.instanceId());
        }
    }

    private void left(
            ReportedClient client, String group, String member, Protocol protocol, @Nullable String instance) {
        Known before = known.remove(new Key(group, member));
        connection
                .loop()
                .events()
                .member(
                        new Events.MembershipKey(client, group, member),
                        new Events.Member(
                                protocol,
                                instance == null ? "" : instance,
                                before == null ? List.of() : before.member.topics(),
                                true));
    }
}
