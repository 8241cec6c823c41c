package dev.weir.canary.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.Controller;
import dev.weir.canary.change.ControllerStep;
import dev.weir.canary.member.GroupCheck;
import dev.weir.canary.rollout.Command;
import dev.weir.mesh.canary.v1.InboxRecord;
import dev.weir.mesh.log.FailureWords;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One time in office: fences whoever had it before, reads the log, and does what the {@link Controller} says. Anything that goes wrong ends
 * it, and the next term reads what there is. One thread.
 */
final class ControllerTerm implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerTerm.class);
    /** Between two looks while fetches are held back. */
    private static final Duration REST = Duration.ofMillis(20);
    /** Between two looks otherwise, unless there is something to hear: a look costs processor time, and most of the time there is no change. */
    private static final Duration LONG_REST = Duration.ofMillis(100);

    private static final int TIMEOUT_MILLIS = 10_000;

    private final ClientSettings clients;
    private final Mandate mandate;
    private final ClusterOffsets offsets;
    private final KafkaConsumer<byte[], byte[]> beats;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Controller controller;
    private final NoteTaker notes;
    private final RolloutTerm rollouts;
    private final ShadowTerm shadows;
    private final @Nullable GroupInspector inspector;
    private final OpenScans scans;
    /** Canaries whose group nobody was in when its seeds were read. */
    private final Set<String> emptyGroups = new HashSet<>();
    /** Canaries that wait for another one in their group. */
    private final Set<String> groupTaken = new HashSet<>();

    private final ChangePauses pauses;

    private ControllerTerm(
            ClientSettings clients,
            Mandate mandate,
            Admin admin,
            KafkaConsumer<byte[], byte[]> beats,
            KafkaProducer<byte[], byte[]> producer,
            Controller controller) {
        this.clients = clients;
        this.scans = new OpenScans(clients);
        this.mandate = mandate;
        this.pauses = new ChangePauses(mandate.times().changeNanos());
        this.offsets =
                new ClusterOffsets(admin, Duration.ofNanos(mandate.times().changeNanos()));
        this.beats = beats;
        this.producer = producer;
        this.controller = controller;
        this.notes = new NoteTaker(controller, System.nanoTime());
        this.rollouts = new RolloutTerm(controller.log(), mandate.measuring());
        this.shadows = new ShadowTerm(controller.log(), offsets, notes);
        this.inspector = mandate.memberGrace()
                .map(grace -> GroupInspector.start(clients, grace))
                .orElse(null);
    }

    /**
     * Fences earlier controllers, then reads the log to its end.
     *
     * @param early beats that came meanwhile
     */
    static ControllerTerm begin(
            ClientSettings clients,
            Mandate mandate,
            Admin admin,
            KafkaConsumer<byte[], byte[]> beats,
            ConsumerRecords<byte[], byte[]> early) {
        KafkaProducer<byte[], byte[]> producer = clients.producer(Map.of(
                "transactional.id",
                ChangeTopics.CONTROLLER_TRANSACTIONAL_ID,
                "transaction.timeout.ms",
                TIMEOUT_MILLIS,
                "linger.ms",
                0,
                "max.block.ms",
                TIMEOUT_MILLIS,
                "delivery.timeout.ms",
                TIMEOUT_MILLIS,
                "request.timeout.ms",
                TIMEOUT_MILLIS / 2));
        try {
            producer.initTransactions();
            Controller controller = new Controller(mandate.times(), WrittenLog.read(clients), System.nanoTime());
            ControllerTerm term = new ControllerTerm(clients, mandate, admin, beats, producer, controller);
            term.hear(early);
            return term;
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** Takes what there is of beats, and does one thing. */
    void step() throws InterruptedException {
        Collection<CanaryPlan> wanted = mandate.plans().get();
        List<ChangeEvent> rolled = rollouts.next(wanted, System.currentTimeMillis());
        rolled.addAll(shadows.ended(wanted, System.nanoTime()));
        if (!rolled.isEmpty()) {
            write(new ControllerStep.Write(rolled));
        }
        wish(wanted);
        ControllerStep step = controller.next(System.nanoTime());
        if (step instanceof ControllerStep.Write write) {
            write(write);
        } else if (step instanceof ControllerStep.ReadEnds read) {
            readEnds(read);
        } else if (step instanceof ControllerStep.ReadSeeds read) {
            readSeeds(read);
        } else if (step instanceof ControllerStep.ReadCommitted read) {
            readCommitted(read);
        } else {
            List<ChangeEvent> noted = notes.next(System.nanoTime());
            if (!noted.isEmpty()) {
                write(new ControllerStep.Write(noted));
            }
        }
        hear(beats.poll(pause(step)));
    }

    private static Duration pause(ControllerStep done) {
        if (done instanceof ControllerStep.Rest rest) {
            return rest.holding() ? REST : LONG_REST;
        }
        return Duration.ZERO;
    }

    private void wish(Collection<CanaryPlan> wanted) {
        Map<String, Scope> scopes = new HashMap<>();
        long now = System.nanoTime();
        for (CanaryPlan plan : wanted) {
            CanaryState state = controller.log().of(plan.name());
            Scope begun = state.scope();
            scopes.put(plan.name(), begun != null && state.raised() ? begun : plan.scope());
            Weight weight = rollouts.wanted(plan);
            if (weight != null
                    && pauses.mayTry(plan.name(), weight, now)
                    && !shadows.isOne(plan.name(), plan.scope())
                    && !isGroupTaken(plan)) {
                controller.wish(
                        plan.name(),
                        plan.scope(),
                        plan.scope().isShadow()
                                ? weight
                                : possible(plan.name(), weight, state.table().weight()),
                        plan.handover());
            }
        }
        controller.log().canaries().forEach((canary, state) -> {
            Scope scope = state.scope();
            if (scope != null
                    && state.raised()
                    && !scopes.containsKey(canary)
                    && pauses.mayTry(canary, Weight.NONE, now)) {
                // nobody wants it any more: what it owns it still has to finish
                controller.wish(canary, scope, Weight.NONE, lastHandover(state));
            }
        });
        notes.planned(scopes.keySet());
        if (inspector != null) {
            scopes.values()
                    .removeIf(Scope::isShadow); // whose members keep to nothing, and so are not told of by proxies
            inspector.look(scopes);
        }
    }

    /** Whether another canary has begun in the group of one that has not: it has to be drained first. */
    private boolean isGroupTaken(CanaryPlan plan) {
        if (controller.log().of(plan.name()).scope() != null) {
            return false;
        }
        String group = plan.scope().group();
        for (Map.Entry<String, CanaryState> other : controller.log().canaries().entrySet()) {
            Scope scope = other.getValue().scope();
            if (scope != null
                    && !other.getKey().equals(plan.name())
                    && scope.group().equals(group)) {
                notes.problem(plan.name(), "its group " + group + " is that of canary " + other.getKey() + " still");
                groupTaken.add(plan.name());
                return true;
            }
        }
        if (groupTaken.remove(plan.name())) {
            notes.solved(plan.name());
        }
        return false;
    }

    /** The weight that may be tried: no more than there is, while somebody in the canary's groups cannot be kept to it. */
    private Weight possible(String canary, Weight wanted, Weight now) {
        if (inspector == null) {
            return wanted;
        }
        GroupCheck check = inspector.of(canary);
        notes.strangers(canary, check.strangers());
        String obstacle = wanted.compareTo(now) > 0 ? check.obstacle() : "";
        notes.obstacle(canary, obstacle);
        return obstacle.isEmpty() ? wanted : now;
    }

    private static Handover lastHandover(CanaryState state) {
        var epochs = state.table().epochs();
        return epochs.get(epochs.size() - 1).handover();
    }

    private void readEnds(ControllerStep.ReadEnds read) throws InterruptedException {
        try {
            controller.readEnds(read, offsets.ends(read.scope().topics()));
        } catch (TimeoutException e) {
            // fetches are held back: by now it is time to give the change up, and the controller knows
        } catch (UnknownTopicOrPartitionException | AuthorizationException e) {
            giveUp(read.canary(), e);
        }
    }

    private void readSeeds(ControllerStep.ReadSeeds read) throws InterruptedException {
        try {
            if (offsets.isEmpty(read.scope().canaryGroup())) {
                emptyGroups.add(read.canary());
            } else {
                emptyGroups.remove(read.canary());
            }
            controller.readSeeds(read, offsets.ends(read.scope().topics()));
        } catch (UnknownTopicOrPartitionException | AuthorizationException | TimeoutException e) {
            giveUp(read.canary(), e);
        }
    }

    private void giveUp(String canary, KafkaException cause) {
        pauses.notBegun(canary, System.nanoTime());
        LOG.atWarn().addKeyValue("canary", canary).setCause(cause).log("a canary's weight cannot be changed");
        String reason = "brokers do not tell where its topics end: "
                + (cause instanceof TimeoutException ? "no answer came in time" : FailureWords.ofItself(cause));
        notes.problem(canary, reason);
        controller.giveUp(canary, reason);
    }

    private void hear(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                InboxRecord message = InboxRecord.parseFrom(record.value());
                if (message.hasBeat()) {
                    controller.hear(ChangeMessages.beat(message.getBeat()), System.nanoTime());
                } else {
                    Command command = RolloutMessages.command(message.getCommand());
                    pauses.forget(command.canary());
                    rollouts.hear(command);
                }
            } catch (InvalidProtocolBufferException | UnknownEventException e) {
                LOG.atWarn()
                        .addKeyValue("offset", record.offset())
                        .log("a record in the topic of beats is neither a beat nor a command");
            }
        }
    }

    private void write(ControllerStep.Write write) {
        Map<ConsumerGroupMetadata, Map<TopicPartition, OffsetAndMetadata>> begins = new HashMap<>();
        for (ChangeEvent event : write.events()) {
            // of a group that has members nothing can be said; each of them begins at the seeds, or where it is
            if (event instanceof ChangeEvent.Seeded seeded && emptyGroups.remove(seeded.canary())) {
                begins.put(outsider(seeded.scope().canaryGroup()), offsets(seeded));
            }
        }
        producer.beginTransaction();
        for (ChangeEvent event : write.events()) {
            producer.send(
                    new ProducerRecord<>(ChangeTopics.LOG, ChangeMessages.key(event), ChangeMessages.bytes(event)));
        }
        // not by Admin: a controller that was deposed must not move them
        begins.forEach((group, seeds) -> producer.sendOffsetsToTransaction(seeds, group));
        producer.commitTransaction(); // throws when any of them could not be written
        controller.written(write, System.nanoTime());
        for (ChangeEvent event : write.events()) {
            tell(event);
        }
    }

    /** Who commits for a group without being in it. */
    private ConsumerGroupMetadata outsider(String group) {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(Map.of("group.id", group))) {
            return consumer.groupMetadata();
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(ChangeEvent.Seeded seeded) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        seeded.offsets()
                .forEach((partition, offset) -> offsets.put(
                        new TopicPartition(partition.topic(), partition.partition()), new OffsetAndMetadata(offset)));
        return offsets;
    }

    private void tell(ChangeEvent event) {
        if (event instanceof ChangeEvent.OfCanary || event instanceof ChangeEvent.OfRollout) {
            mandate.told().accept(event);
        }
        if (event instanceof ChangeEvent.OfCanary ofCanary) {
            scans.written(ofCanary, controller.log().of(ofCanary.canary()));
        }
        if (event instanceof ChangeEvent.Committed committed) {
            pauses.forget(committed.canary());
            notes.solved(committed.canary());
            LOG.atInfo()
                    .addKeyValue("canary", committed.canary())
                    .addKeyValue("epoch", committed.epoch())
                    .addKeyValue("weight", committed.table().weight())
                    .log("the weight of a canary has changed");
        } else if (event instanceof ChangeEvent.Aborted aborted) {
            pauses.givenUp(aborted.canary(), System.nanoTime());
            notes.problem(aborted.canary(), aborted.reason());
            LOG.atWarn()
                    .addKeyValue("canary", aborted.canary())
                    .addKeyValue("epoch", aborted.epoch())
                    .addKeyValue("reason", aborted.reason())
                    .log("a change of a canary's weight was given up");
        } else if (event instanceof ChangeEvent.Seeded seeded) {
            LOG.atInfo()
                    .addKeyValue("canary", seeded.canary())
                    .addKeyValue("group", seeded.scope().canaryGroup())
                    .log("the group of a canary has its beginning");
        } else if (event instanceof ChangeEvent.OfRollout rollout) {
            RolloutLog.tell(rollout.event());
        } else if (event instanceof ChangeEvent.Drained drained) {
            LOG.atInfo().addKeyValue("canary", drained.canary()).log("a canary has nothing left to do");
        }
    }

    private void readCommitted(ControllerStep.ReadCommitted read) throws InterruptedException {
        Map<Side, Map<PartitionRef, Long>> committed;
        try {
            committed = offsets.committed(read.scope());
        } catch (TimeoutException e) {
            return; // it is looked again; proxies that want an answer come first
        }
        Map<Gate, Long> next =
                scans.of(read.canary()).step(read, controller.log().of(read.canary()), committed);
        notes.left(read.canary(), next);
        controller.readCommitted(read, passed(read.gates(), next), passed(read.drains(), next));
    }

    private static List<Gate> passed(List<Gate> gates, Map<Gate, Long> next) {
        return gates.stream()
                .filter(gate -> next.getOrDefault(gate, 0L) >= gate.fence())
                .toList();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        scans.close();
        if (inspector != null) {
            inspector.close();
        }
    }
}
