package dev.weir.canary.kafka;

import dev.weir.canary.Weight;
import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutState;
import dev.weir.mesh.canary.v1.CauseRecord;
import dev.weir.mesh.canary.v1.ChangeRecord;
import dev.weir.mesh.canary.v1.CommandRecord;
import dev.weir.mesh.canary.v1.InboxRecord;
import dev.weir.mesh.canary.v1.Obedience;
import dev.weir.mesh.canary.v1.Progress;
import dev.weir.mesh.canary.v1.Refusal;
import dev.weir.mesh.canary.v1.RolloutRecord;

/** Events of rollouts, and commands, as messages ({@code change.proto}). */
final class RolloutMessages {
    private RolloutMessages() {}

    static void put(RolloutEvent event, ChangeRecord.Builder record) {
        if (event instanceof RolloutEvent.Progressed progressed) {
            record.setProgressed(Progress.newBuilder()
                    .setCanary(progressed.canary())
                    .setAtMillis(progressed.atMillis())
                    .setState(message(progressed.state())));
        } else if (event instanceof RolloutEvent.Obeyed obeyed) {
            record.setObeyed(Obedience.newBuilder()
                    .setAtMillis(obeyed.atMillis())
                    .setCommand(message(obeyed.command()))
                    .setState(message(obeyed.state())));
        } else if (event instanceof RolloutEvent.Refused refused) {
            record.setRefused(Refusal.newBuilder()
                    .setAtMillis(refused.atMillis())
                    .setCommand(message(refused.command()))
                    .setReason(refused.reason()));
        }
    }

    /**
     * Reads an event.
     *
     * @param record one of a rollout
     * @throws UnknownEventException when it holds what this version does not know
     */
    static RolloutEvent event(ChangeRecord record) {
        return switch (record.getEventCase()) {
            case PROGRESSED -> {
                Progress progress = record.getProgressed();
                yield new RolloutEvent.Progressed(
                        progress.getCanary(), progress.getAtMillis(), state(progress.getState()));
            }
            case OBEYED -> {
                Obedience obedience = record.getObeyed();
                yield new RolloutEvent.Obeyed(
                        obedience.getAtMillis(), command(obedience.getCommand()), state(obedience.getState()));
            }
            case REFUSED -> {
                Refusal refusal = record.getRefused();
                yield new RolloutEvent.Refused(
                        refusal.getAtMillis(), command(refusal.getCommand()), refusal.getReason());
            }
            default -> throw new IllegalArgumentException(record.getEventCase() + " is no event of a rollout");
        };
    }

    /** A command on its way to the controller. */
    static byte[] bytes(Command command) {
        return InboxRecord.newBuilder().setCommand(message(command)).build().toByteArray();
    }

    private static CommandRecord message(Command command) {
        return CommandRecord.newBuilder()
                .setId(command.id())
                .setCanary(command.canary())
                .setAction(
                        switch (command.action()) {
                            case SET -> CommandRecord.Action.ACTION_SET;
                            case PAUSE -> CommandRecord.Action.ACTION_PAUSE;
                            case RESUME -> CommandRecord.Action.ACTION_RESUME;
                            case PROMOTE -> CommandRecord.Action.ACTION_PROMOTE;
                            case ABORT -> CommandRecord.Action.ACTION_ABORT;
                        })
                .setWeight(command.weight().basisPoints())
                .setBy(command.by())
                .setReason(command.reason())
                .build();
    }

    /**
     * Reads a command.
     *
     * @throws UnknownEventException when it is one that this version does not know
     */
    static Command command(CommandRecord command) {
        Command.Action action = switch (command.getAction()) {
            case ACTION_SET -> Command.Action.SET;
            case ACTION_PAUSE -> Command.Action.PAUSE;
            case ACTION_RESUME -> Command.Action.RESUME;
            case ACTION_PROMOTE -> Command.Action.PROMOTE;
            case ACTION_ABORT -> Command.Action.ABORT;
            case ACTION_UNSPECIFIED, UNRECOGNIZED ->
                throw new UnknownEventException("a command that a newer version wrote", null);
        };
        return new Command(
                command.getId(),
                command.getCanary(),
                action,
                weight(command.getWeight()),
                command.getBy(),
                command.getReason());
    }

    private static Weight weight(int basisPoints) {
        try {
            return new Weight(basisPoints);
        } catch (IllegalArgumentException e) {
            throw new UnknownEventException("a weight that cannot be", e);
        }
    }

    private static RolloutRecord message(RolloutState state) {
        RolloutRecord.Builder message = RolloutRecord.newBuilder()
                .setPlan(state.plan())
                .setStep(state.step())
                .setWeight(state.weight().basisPoints())
                .setSinceMillis(state.sinceMillis());
        Phase phase = state.phase();
        if (phase instanceof Phase.Waiting) {
            message.setWaiting(true);
        } else if (phase instanceof Phase.Holding holding) {
            message.setHolding(holding.obstacle());
        } else if (phase instanceof Phase.Paused paused) {
            message.setPaused(message(paused.cause()));
        } else if (phase instanceof Phase.Promoted promoted) {
            message.setPromoted(message(promoted.cause()));
        } else if (phase instanceof Phase.Aborted aborted) {
            message.setAborted(message(aborted.cause()));
        } else if (phase instanceof Phase.Done) {
            message.setDone(true);
        }
        return message.build();
    }

    private static RolloutState state(RolloutRecord message) {
        Phase phase = switch (message.getPhaseCase()) {
            case WAITING -> new Phase.Waiting();
            case HOLDING -> new Phase.Holding(message.getHolding());
            case PAUSED -> new Phase.Paused(cause(message.getPaused()));
            case PROMOTED -> new Phase.Promoted(cause(message.getPromoted()));
            case ABORTED -> new Phase.Aborted(cause(message.getAborted()));
            case DONE -> new Phase.Done();
            case PHASE_NOT_SET ->
                throw new UnknownEventException("a phase of a rollout that a newer version wrote", null);
        };
        return new RolloutState(
                message.getPlan(), message.getStep(), weight(message.getWeight()), message.getSinceMillis(), phase);
    }

    private static CauseRecord message(Cause cause) {
        return CauseRecord.newBuilder()
                .setGate(cause.kind() == Cause.Kind.GATE)
                .setWho(cause.who())
                .setReason(cause.reason())
                .build();
    }

    private static Cause cause(CauseRecord message) {
        return new Cause(
                message.getGate() ? Cause.Kind.GATE : Cause.Kind.PERSON, message.getWho(), message.getReason());
    }
}
