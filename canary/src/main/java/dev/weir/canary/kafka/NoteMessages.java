package dev.weir.canary.kafka;

import dev.weir.canary.Gate;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.Note;
import dev.weir.canary.member.GroupMember;
import dev.weir.mesh.canary.v1.ControllerNote;
import dev.weir.mesh.canary.v1.Left;
import dev.weir.mesh.canary.v1.Stranger;
import java.util.HashMap;
import java.util.Map;

/** Notes of controllers as bytes ({@code change.proto}). */
final class NoteMessages {
    private NoteMessages() {}

    static ControllerNote message(ChangeEvent.Noted noted) {
        ControllerNote.Builder message = ControllerNote.newBuilder()
                .setCanary(noted.canary())
                .addAllWaitingFor(noted.note().waitingFor())
                .setProblem(noted.note().problem());
        noted.note()
                .left()
                .forEach((gate, next) -> message.addLeft(Left.newBuilder()
                        .setTopic(gate.partition().topic())
                        .setPartition(gate.partition().partition())
                        .setEpoch(gate.epoch())
                        .setFence(gate.fence())
                        .setOfCanary(gate.waitsFor() == Side.CANARY)
                        .setNext(next)));
        noted.note()
                .strangers()
                .forEach(stranger -> message.addStrangers(Stranger.newBuilder()
                        .setGroup(stranger.group())
                        .setMemberId(stranger.memberId())
                        .setClientId(stranger.clientId())
                        .setHost(stranger.host())));
        return message.build();
    }

    static ChangeEvent.Noted event(ControllerNote message) {
        Map<Gate, Long> left = new HashMap<>();
        for (Left one : message.getLeftList()) {
            left.put(
                    new Gate(
                            new PartitionRef(one.getTopic(), one.getPartition()),
                            one.getEpoch(),
                            one.getFence(),
                            one.getOfCanary() ? Side.CANARY : Side.STABLE),
                    one.getNext());
        }
        return new ChangeEvent.Noted(
                message.getCanary(),
                new Note(
                        message.getWaitingForList(),
                        message.getProblem(),
                        left,
                        message.getStrangersList().stream()
                                .map(one -> new GroupMember(
                                        one.getGroup(), one.getMemberId(), one.getClientId(), one.getHost()))
                                .toList()));
    }
}
