package dev.weir.canary.kafka;

import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutState;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What happens to rollouts, in lines of the log. Any thread. */
final class RolloutLog {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutLog.class);

    private RolloutLog() {}

    static void tell(RolloutEvent event) {
        LoggingEventBuilder line = LOG.atInfo().addKeyValue("canary", event.canary());
        if (event instanceof RolloutEvent.Progressed progressed) {
            add(line, progressed.state()).log("a canary's rollout goes on");
        } else if (event instanceof RolloutEvent.Obeyed obeyed) {
            add(said(line, obeyed.command()), obeyed.state()).log("a canary's rollout obeys a command");
        } else if (event instanceof RolloutEvent.Refused refused) {
            add(said(line, refused.command()), "reason", refused.reason())
                    .log("a canary's rollout does not obey a command");
        }
    }

    private static LoggingEventBuilder said(LoggingEventBuilder line, Command command) {
        String action = command.action().name().toLowerCase(Locale.ROOT);
        return line.addKeyValue(
                        "command", command.action() == Command.Action.SET ? action + " " + command.weight() : action)
                .addKeyValue("by", command.by());
    }

    private static LoggingEventBuilder add(LoggingEventBuilder line, RolloutState state) {
        Phase phase = state.phase();
        LoggingEventBuilder where = line.addKeyValue("phase", word(phase))
                .addKeyValue("step", state.step() + 1)
                .addKeyValue("weight", state.weight());
        if (phase instanceof Phase.Holding holding) {
            return add(where, "reason", holding.obstacle());
        }
        Cause cause = phase.cause();
        if (cause == null) {
            return where;
        }
        String gate = cause.kind() == Cause.Kind.GATE ? cause.who() : "";
        return add(add(where, "gate", gate), "reason", cause.reason());
    }

    private static LoggingEventBuilder add(LoggingEventBuilder line, String key, String text) {
        return text.isEmpty() ? line : line.addKeyValue(key, text);
    }

    private static String word(Phase phase) {
        if (phase instanceof Phase.Waiting) {
            return "waiting";
        }
        if (phase instanceof Phase.Holding) {
            return "holding";
        }
        if (phase instanceof Phase.Paused) {
            return "paused";
        }
        if (phase instanceof Phase.Promoted) {
            return "promoted";
        }
        return phase instanceof Phase.Aborted ? "aborted" : "done";
    }
}
