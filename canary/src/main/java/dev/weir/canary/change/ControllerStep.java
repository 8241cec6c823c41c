package dev.weir.canary.change;

import dev.weir.canary.Gate;
import dev.weir.canary.Scope;
import java.util.List;

/** The one thing that the controller wants done next. Whoever does it tells the outcome before it asks for the next. */
public sealed interface ControllerStep {
    /**
     * Append these to the log, all or none, in one transaction of the controllers' common transactional id. Should it fail, or should it not be known
     * whether it did, this controller must not be asked again: the next one reads the log.
     */
    record Write(List<ChangeEvent> events) implements ControllerStep {
        public Write {
            events = List.copyOf(events);
        }
    }

    /** Read the high watermark of every partition of the topics, to begin the canary's group there. */
    record ReadSeeds(String canary, Scope scope) implements ControllerStep {}

    /** Read the high watermark of every partition of the topics. */
    record ReadEnds(String canary, Scope scope) implements ControllerStep {}

    /**
     * See which of these the side that they wait for has passed.
     *
     * @param gates are passed when the side has committed the fence, or owns no record between what it has committed and the fence
     * @param drains are passed likewise by the canary; by the stable side, when there is no record at all between what it has committed
     *     and the fence: once all are passed nobody remembers whose those were
     */
    record ReadCommitted(String canary, Scope scope, List<Gate> gates, List<Gate> drains) implements ControllerStep {
        public ReadCommitted {
            gates = List.copyOf(gates);
            drains = List.copyOf(drains);
        }
    }

    /**
     * Nothing now: ask again when a beat or a wish has come, or after a while.
     *
     * @param holding whether a change is under way, and fetches are held back: then the while is a short one
     */
    record Rest(boolean holding) implements ControllerStep {}
}
