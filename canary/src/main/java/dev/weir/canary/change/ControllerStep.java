package dev.weir.canary.change;

import dev.weir.canary.Gate;
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

    /** Read the high watermark of every partition of the canary's topics. */
    record ReadEnds(String canary) implements ControllerStep {}

    /** See which of these gates have been reached by what the side they wait for has committed. */
    record ReadCommitted(String canary, List<Gate> gates) implements ControllerStep {
        public ReadCommitted {
            gates = List.copyOf(gates);
        }
    }

    /** Nothing now: ask again when a beat or a wish has come, or after a while. */
    record Rest() implements ControllerStep {}
}
