package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.changing;
import static dev.weir.proxy.equivalence.Case.reading;
import static dev.weir.proxy.equivalence.Case.talking;

import dev.weir.proxy.equivalence.Case.Kind;
import dev.weir.proxy.equivalence.Case.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Groups of the classic protocol, and the offsets of groups of any. */
final class GroupCases {
    static final List<String> GROUPS = List.of("open", "seen", "hidden", "read", "consumed", "open-no", "hidden-no");
    private static final int MINUTES_MILLIS = 300_000;

    private GroupCases() {}

    static Stream<Case> all() {
        return Stream.concat(offsets(), Stream.concat(lists(), members()));
    }

    private static Stream<Case> offsets() {
        return Stream.of(
                talking(ApiKeys.OFFSET_COMMIT, "topics", Kind.CHANGES, talk -> {
                    for (String group : List.of("open", "seen", "hidden", "read", "consumed")) {
                        talk.ask(commit(talk.scene(), talk.version(), group, DataCases.TOPICS));
                    }
                    talk.ask(commit(talk.scene(), talk.version(), "open", List.of("hidden")));
                }),
                talking(ApiKeys.OFFSET_FETCH, "topics", Kind.READS, talk -> {
                    for (String group : GROUPS) {
                        talk.ask(fetch(talk.scene(), talk.version(), group, DataCases.TOPICS));
                    }
                    talk.ask(fetch(talk.scene(), talk.version(), "open", List.of("hidden")));
                }),
                talking(ApiKeys.OFFSET_FETCH, "all topics", Kind.READS, talk -> {
                    if (talk.version() >= 2) {
                        for (String group : GROUPS) {
                            talk.ask(fetch(talk.scene(), talk.version(), group, null));
                        }
                    }
                }),
                reading(ApiKeys.OFFSET_FETCH, "many groups", GroupCases::fetchMany),
                talking(ApiKeys.OFFSET_DELETE, "topics", Kind.CHANGES, talk -> {
                            for (String group : List.of("open", "hidden", "open-no")) {
                                talk.ask(delete(talk.scene(), group, DataCases.TOPICS));
                            }
                        })
                        .needing(Need.GROUPS),
                changing(
                        ApiKeys.DELETE_GROUPS,
                        "groups",
                        Set.of(Need.GROUPS),
                        (s, v) -> new DeleteGroupsRequestData()
                                .setGroupsNames(Stream.of("open", "hidden", "seen", "open-no", "open")
                                        .map(s::name)
                                        .toList())));
    }

    private static OffsetCommitRequestData commit(Scene s, short version, String group, List<String> topics) {
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(s.name(group));
        for (String role : topics) {
            OffsetCommitRequestData.OffsetCommitRequestTopic topic =
                    new OffsetCommitRequestData.OffsetCommitRequestTopic()
                            .setPartitions(List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                    .setPartitionIndex(0)
                                    .setCommittedOffset(4)));
            request.topics()
                    .add(
                            version < 10
                                    ? topic.setName(s.shared().name(role))
                                    : topic.setTopicId(s.shared().id(role)));
        }
        return request;
    }

    private static OffsetFetchRequestData fetch(Scene s, short version, String group, List<String> topics) {
        if (version >= 8) {
            return new OffsetFetchRequestData().setGroups(List.of(fetchGroup(s, version, group, topics)));
        }
        OffsetFetchRequestData request = new OffsetFetchRequestData().setGroupId(s.name(group));
        return request.setTopics(
                topics == null
                        ? null
                        : topics.stream()
                                .map(role -> new OffsetFetchRequestData.OffsetFetchRequestTopic()
                                        .setName(s.name(role))
                                        .setPartitionIndexes(List.of(0)))
                                .toList());
    }

    private static OffsetFetchRequestData.OffsetFetchRequestGroup fetchGroup(
            Scene s, short version, String group, List<String> topics) {
        OffsetFetchRequestData.OffsetFetchRequestGroup one =
                new OffsetFetchRequestData.OffsetFetchRequestGroup().setGroupId(s.name(group));
        if (topics == null) {
            return one.setTopics(null);
        }
        for (String role : topics) {
            OffsetFetchRequestData.OffsetFetchRequestTopics topic =
                    new OffsetFetchRequestData.OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
            one.topics().add(version < 10 ? topic.setName(s.name(role)) : topic.setTopicId(s.id(role)));
        }
        return one;
    }

    private static ApiMessage fetchMany(Scene s, short version) {
        return version < 8
                ? null
                : new OffsetFetchRequestData()
                        .setGroups(List.of(
                                fetchGroup(s, version, "hidden", List.of("open")),
                                fetchGroup(s, version, "open", List.of("open", "hidden")),
                                fetchGroup(s, version, "seen", null),
                                fetchGroup(s, version, "open-no", null)));
    }

    private static OffsetDeleteRequestData delete(Scene s, String group, List<String> topics) {
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(s.name(group));
        topics.forEach(role -> request.topics()
                .add(new OffsetDeleteRequestData.OffsetDeleteRequestTopic()
                        .setName(s.shared().name(role))
                        .setPartitions(List.of(new OffsetDeleteRequestData.OffsetDeleteRequestPartition()))));
        return request;
    }

    private static Stream<Case> lists() {
        return Stream.of(
                reading(
                        ApiKeys.DESCRIBE_GROUPS,
                        "groups",
                        (s, v) -> new DescribeGroupsRequestData()
                                .setGroups(GROUPS.stream().map(s::name).toList())
                                .setIncludeAuthorizedOperations(v >= 3)),
                reading(ApiKeys.LIST_GROUPS, "all", (s, v) -> new ListGroupsRequestData()),
                reading(
                        ApiKeys.LIST_GROUPS,
                        "of a state",
                        (s, v) -> v < 4 ? null : new ListGroupsRequestData().setStatesFilter(List.of("Empty"))));
    }

    private static Stream<Case> members() {
        return Stream.of(
                talking(ApiKeys.JOIN_GROUP, "groups", Kind.CHANGES, talk -> {
                            for (String group : List.of("open", "read", "seen", "hidden")) {
                                JoinGroupResponseData first = (JoinGroupResponseData)
                                        talk.ask(join(talk.scene().name(group), ""));
                                if (!first.memberId().isEmpty() && talk.version() >= 4) {
                                    talk.ask(join(talk.scene().name(group), first.memberId()));
                                }
                            }
                        })
                        .masking("memberId", "leader"),
                reading(
                        ApiKeys.JOIN_GROUP,
                        "no protocol",
                        (s, v) -> new JoinGroupRequestData()
                                .setGroupId(s.name("hidden"))
                                .setProtocolType("consumer")),
                reading(
                        ApiKeys.LEAVE_GROUP,
                        "nobody",
                        (s, v) -> new LeaveGroupRequestData().setGroupId(s.name("hidden"))),
                talking(ApiKeys.SYNC_GROUP, "groups", Kind.CHANGES, talk -> {
                    for (String group : List.of("open", "read", "seen", "hidden")) {
                        talk.ask(sync(talk, group, joined(talk, group), talk.version()));
                    }
                }),
                reading(
                        ApiKeys.SYNC_GROUP,
                        "no protocol",
                        (s, v) -> new SyncGroupRequestData().setGroupId(s.name("hidden"))),
                talking(ApiKeys.HEARTBEAT, "groups", Kind.ACTS, talk -> {
                    for (String group : List.of("open", "hidden")) {
                        JoinGroupResponseData member = stable(talk, group);
                        talk.ask(new HeartbeatRequestData()
                                .setGroupId(talk.scene().name(group))
                                .setGenerationId(member.generationId())
                                .setMemberId(member.memberId()));
                        talk.ask(new HeartbeatRequestData()
                                .setGroupId(talk.scene().name(group))
                                .setMemberId("nobody"));
                        talk.arrange(
                                new LeaveGroupRequestData()
                                        .setGroupId(talk.scene().name(group))
                                        .setMemberId(member.memberId()),
                                1,
                                LeaveGroupResponseData.class);
                    }
                }),
                talking(ApiKeys.LEAVE_GROUP, "groups", Kind.CHANGES, talk -> {
                            for (String group : List.of("open", "seen", "hidden")) {
                                String member = stable(talk, group).memberId();
                                talk.ask(
                                        talk.version() < 3
                                                ? new LeaveGroupRequestData()
                                                        .setGroupId(talk.scene().name(group))
                                                        .setMemberId(member)
                                                : new LeaveGroupRequestData()
                                                        .setGroupId(talk.scene().name(group))
                                                        .setMembers(new ArrayList<>(
                                                                List.of(new LeaveGroupRequestData.MemberIdentity()
                                                                        .setMemberId(member)))));
                            }
                        })
                        .masking("memberId"));
    }

    private static JoinGroupRequestData join(String group, String memberId) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setSessionTimeoutMs(MINUTES_MILLIS)
                .setRebalanceTimeoutMs(MINUTES_MILLIS)
                .setMemberId(memberId)
                .setProtocolType("consumer");
        request.protocols()
                .add(new JoinGroupRequestData.JoinGroupRequestProtocol()
                        .setName("range")
                        .setMetadata(new byte[0]));
        return request;
    }

    /** A member that the super user made. */
    private static JoinGroupResponseData joined(Conversation talk, String group) {
        return talk.arrange(join(talk.scene().name(group), ""), 3, JoinGroupResponseData.class);
    }

    private static JoinGroupResponseData stable(Conversation talk, String group) {
        JoinGroupResponseData member = joined(talk, group);
        talk.arrange(sync(talk, group, member, (short) 3), 3, SyncGroupResponseData.class);
        return member;
    }

    private static SyncGroupRequestData sync(
            Conversation talk, String group, JoinGroupResponseData member, short version) {
        return new SyncGroupRequestData()
                .setGroupId(talk.scene().name(group))
                .setGenerationId(member.generationId())
                .setMemberId(member.memberId())
                .setProtocolType(version < 5 ? null : "consumer")
                .setProtocolName(version < 5 ? null : "range")
                .setAssignments(List.of(new SyncGroupRequestData.SyncGroupRequestAssignment()
                        .setMemberId(member.memberId())
                        .setAssignment(new byte[] {1, 2})));
    }
}
