package dev.weir.canary.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.canary.Buckets;
import dev.weir.canary.Clients;
import dev.weir.canary.Epoch;
import dev.weir.canary.Handover;
import dev.weir.canary.Matching;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Shadow;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.WholePartitions;
import dev.weir.canary.change.Beat;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import dev.weir.mesh.canary.v1.Abort;
import dev.weir.mesh.canary.v1.ChangeRecord;
import dev.weir.mesh.canary.v1.ClientSet;
import dev.weir.mesh.canary.v1.Commit;
import dev.weir.mesh.canary.v1.Drain;
import dev.weir.mesh.canary.v1.Grants;
import dev.weir.mesh.canary.v1.HandOver;
import dev.weir.mesh.canary.v1.InboxRecord;
import dev.weir.mesh.canary.v1.Match;
import dev.weir.mesh.canary.v1.Prepare;
import dev.weir.mesh.canary.v1.ProxyBeat;
import dev.weir.mesh.canary.v1.Seed;
import dev.weir.mesh.canary.v1.TopicFences;
import dev.weir.mesh.canary.v1.TopicPartitions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Events and beats as bytes ({@code change.proto}). */
final class ChangeMessages {
    private static final long NO_FENCE = -1;

    private ChangeMessages() {}

    /** By which the log is compacted. */
    static byte[] key(ChangeEvent event) {
        return ChangeLog.key(event).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(ChangeEvent event) {
        ChangeRecord.Builder record = ChangeRecord.newBuilder();
        if (event instanceof ChangeEvent.Admitted admitted) {
            record.setAdmittedProxy(admitted.proxy());
        } else if (event instanceof ChangeEvent.Evicted evicted) {
            record.setEvictedProxy(evicted.proxy());
        } else if (event instanceof ChangeEvent.Left left) {
            record.setLeftProxy(left.proxy());
        } else if (event instanceof ChangeEvent.Granted granted) {
            record.setGranted(Grants.newBuilder().putAllBeats(granted.beats()));
        } else if (event instanceof ChangeEvent.Prepared prepared) {
            record.setPrepared(Prepare.newBuilder()
                    .setCanary(prepared.canary())
                    .setEpoch(prepared.epoch())
                    .setWeight(prepared.weight().basisPoints())
                    .setOrdered(prepared.handover() == Handover.ORDERED));
        } else if (event instanceof ChangeEvent.Committed committed) {
            Epoch epoch = committed.table();
            record.setCommitted(Commit.newBuilder()
                    .setCanary(committed.canary())
                    .setEpoch(epoch.number())
                    .setWeight(epoch.weight().basisPoints())
                    .setOrdered(epoch.handover() == Handover.ORDERED)
                    .addAllFences(fences(epoch.fences())));
        } else if (event instanceof ChangeEvent.Aborted aborted) {
            record.setAborted(Abort.newBuilder()
                    .setCanary(aborted.canary())
                    .setEpoch(aborted.epoch())
                    .setReason(aborted.reason()));
        } else if (event instanceof ChangeEvent.HandedOver handed) {
            record.setHandedOver(HandOver.newBuilder()
                    .setCanary(handed.canary())
                    .setEpoch(handed.epoch())
                    .addAllPartitions(partitions(handed.partitions())));
        } else if (event instanceof ChangeEvent.OfRollout ofRollout) {
            RolloutMessages.put(ofRollout.event(), record);

        } else if (event instanceof ChangeEvent.Noted noted) {
            record.setNoted(NoteMessages.message(noted));
        } else if (event instanceof ChangeEvent.Seeded seeded) {
            if (seeded.scope().buckets() instanceof WholePartitions) {
                record.setSeededByPartition(seed(seeded));
            } else {
                record.setSeeded(seed(seeded));
            }
        } else if (event instanceof ChangeEvent.Drained drained) {
            record.setDrained(Drain.newBuilder().setCanary(drained.canary()).setEpoch(drained.epoch()));
        }
        return record.build().toByteArray();
    }

    /**
     * Reads an event of the log.
     *
     * @throws UnknownEventException when it is none that this version knows: to skip it would be to guess
     */
    static ChangeEvent event(byte[] bytes) {
        ChangeRecord record;
        try {
            record = ChangeRecord.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UnknownEventException("a record of the log of changes cannot be read", e);
        }
        return switch (record.getEventCase()) {
            case ADMITTED_PROXY -> new ChangeEvent.Admitted(record.getAdmittedProxy());
            case EVICTED_PROXY -> new ChangeEvent.Evicted(record.getEvictedProxy());
            case LEFT_PROXY -> new ChangeEvent.Left(record.getLeftProxy());
            case GRANTED -> new ChangeEvent.Granted(record.getGranted().getBeatsMap());
            case PREPARED -> {
                Prepare prepare = record.getPrepared();
                yield new ChangeEvent.Prepared(
                        prepare.getCanary(),
                        prepare.getEpoch(),
                        new Weight(prepare.getWeight()),
                        handover(prepare.getOrdered()));
            }
            case COMMITTED -> {
                Commit commit = record.getCommitted();
                yield new ChangeEvent.Committed(
                        commit.getCanary(),
                        new Epoch(
                                commit.getEpoch(),
                                new Weight(commit.getWeight()),
                                handover(commit.getOrdered()),
                                fences(commit.getFencesList())));
            }
            case ABORTED -> {
                Abort abort = record.getAborted();
                yield new ChangeEvent.Aborted(abort.getCanary(), abort.getEpoch(), abort.getReason());
            }
            case HANDED_OVER -> {
                HandOver handOver = record.getHandedOver();
                yield new ChangeEvent.HandedOver(handOver.getCanary(), handOver.getEpoch(), partitions(handOver));
            }
            case PROGRESSED, OBEYED, REFUSED -> new ChangeEvent.OfRollout(RolloutMessages.event(record));

            case NOTED -> NoteMessages.event(record.getNoted());
            case SEEDED -> seeded(record.getSeeded(), buckets(record.getSeeded()));
            case SEEDED_BY_PARTITION -> seeded(record.getSeededByPartition(), new WholePartitions());
            case DRAINED -> {
                Drain drain = record.getDrained();
                yield new ChangeEvent.Drained(drain.getCanary(), drain.getEpoch());
            }
            case EVENT_NOT_SET ->
                throw new UnknownEventException("an event in the log of changes that a newer version wrote", null);
        };
    }

    static byte[] bytes(Beat beat) {
        return InboxRecord.newBuilder()
                .setBeat(ProxyBeat.newBuilder()
                        .setProxy(beat.proxy())
                        .setSequence(beat.sequence())
                        .putAllHolding(beat.holding())
                        .putAllPartitions(beat.partitions())
                        .setLeaving(beat.leaving()))
                .build()
                .toByteArray();
    }

    static Beat beat(ProxyBeat beat) {
        return new Beat(
                beat.getProxy(), beat.getSequence(), beat.getHoldingMap(), beat.getPartitionsMap(), beat.getLeaving());
    }

    private static Seed seed(ChangeEvent.Seeded seeded) {
        Scope scope = seeded.scope();
        Seed.Builder seed = Seed.newBuilder()
                .setCanary(seeded.canary())
                .setGroup(scope.group())
                .setCanaryGroup(scope.canaryGroup())
                .addAllTopics(scope.topics())
                .setStable(clients(scope.stable()))
                .setCanaryClients(clients(scope.canary()))
                .addAllOffsets(fences(seeded.offsets()));
        if (scope.buckets() instanceof Matching matching) {
            Match.Builder match = Match.newBuilder().addAllValues(new TreeSet<>(matching.values()));
            matching.header().ifPresent(match::setHeader);
            seed.setMatch(match);
        }
        Shadow shadow = scope.shadow();
        if (shadow != null) {
            seed.setShadow(dev.weir.mesh.canary.v1.Shadow.newBuilder().addAllRedirected(shadow.redirected()));
        }
        return seed.build();
    }

    private static ChangeEvent.Seeded seeded(Seed seed, Buckets buckets) {
        return new ChangeEvent.Seeded(
                seed.getCanary(),
                new Scope(
                        seed.getGroup(),
                        seed.getCanaryGroup(),
                        seed.getTopicsList(),
                        buckets,
                        clients(seed.getStable()),
                        clients(seed.getCanaryClients()),
                        seed.hasShadow() ? new Shadow(seed.getShadow().getRedirectedList()) : null),
                fences(seed.getOffsetsList()));
    }

    private static ClientSet clients(Clients clients) {
        return ClientSet.newBuilder()
                .setService(clients.service())
                .setClientIds(clients.clientIds())
                .addAllExcept(clients.except())
                .build();
    }

    private static Clients clients(ClientSet clients) {
        return new Clients(clients.getService(), clients.getClientIds(), clients.getExceptList());
    }

    private static Buckets buckets(Seed seed) {
        if (!seed.hasMatch()) {
            return new Slices(seed.getCanary());
        }
        Match match = seed.getMatch();
        Set<String> values = Set.copyOf(match.getValuesList());
        return match.hasHeader() ? Matching.header(match.getHeader(), values) : Matching.keys(values);
    }

    private static Handover handover(boolean ordered) {
        return ordered ? Handover.ORDERED : Handover.UNORDERED;
    }

    private static List<TopicFences> fences(Map<PartitionRef, Long> fences) {
        Map<String, TopicFences.Builder> topics = new TreeMap<>();
        new TreeMap<>(fences).forEach((partition, fence) -> {
            TopicFences.Builder topic = topics.computeIfAbsent(
                    partition.topic(), name -> TopicFences.newBuilder().setTopic(name));
            while (topic.getOffsetsCount() < partition.partition()) {
                topic.addOffsets(NO_FENCE);
            }
            topic.addOffsets(fence);
        });
        return topics.values().stream().map(TopicFences.Builder::build).toList();
    }

    private static Map<PartitionRef, Long> fences(List<TopicFences> topics) {
        Map<PartitionRef, Long> fences = new HashMap<>();
        for (TopicFences topic : topics) {
            for (int i = 0; i < topic.getOffsetsCount(); i++) {
                if (topic.getOffsets(i) != NO_FENCE) {
                    fences.put(new PartitionRef(topic.getTopic(), i), topic.getOffsets(i));
                }
            }
        }
        return fences;
    }

    private static List<TopicPartitions> partitions(List<PartitionRef> partitions) {
        Map<String, TopicPartitions.Builder> topics = new TreeMap<>();
        partitions.forEach(partition -> topics.computeIfAbsent(
                        partition.topic(), name -> TopicPartitions.newBuilder().setTopic(name))
                .addPartitions(partition.partition()));
        return topics.values().stream().map(TopicPartitions.Builder::build).toList();
    }

    private static List<PartitionRef> partitions(HandOver handOver) {
        List<PartitionRef> partitions = new ArrayList<>();
        for (TopicPartitions topic : handOver.getPartitionsList()) {
            topic.getPartitionsList().forEach(number -> partitions.add(new PartitionRef(topic.getTopic(), number)));
        }
        return partitions;
    }
}
