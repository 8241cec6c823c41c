package dev.weir.canary.change;

import dev.weir.canary.Gate;
import java.util.List;
import java.util.Map;

/**
 * What the controller knows of a canary that does not follow from the log, for people.
 *
 * @param waitingFor proxies that a change waits for before it begins
 * @param problem why the weight that is wanted does not hold; empty where nothing stands in its way
 * @param left from where on the side that a gate waits for still has something to do: at most as many records as there are between that and the
 *     fence
 */
public record Note(List<String> waitingFor, String problem, Map<Gate, Long> left) {
    /** Nothing is known. */
    public static final Note NONE = new Note(List.of(), "", Map.of());

    public Note {
        waitingFor = List.copyOf(waitingFor);
        left = Map.copyOf(left);
    }
}
