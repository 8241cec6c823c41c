package dev.weir.canary.change;

import dev.weir.canary.Gate;
import dev.weir.canary.member.GroupMember;
import java.util.List;
import java.util.Map;

/**
 * What the controller knows of a canary that does not follow from the log, for people.
 *
 * @param waitingFor proxies that a change waits for before it begins
 * @param problem why the weight that is wanted does not hold; empty where nothing stands in its way
 * @param left from where on the side that a gate waits for still has something to do: at most as many records as there are between that and the
 *     fence
 * @param strangers members of its groups that come to brokers around the mesh
 */
public record Note(List<String> waitingFor, String problem, Map<Gate, Long> left, List<GroupMember> strangers) {
    /** Nothing is known. */
    public static final Note NONE = new Note(List.of(), "", Map.of());

    /** Where all members come through the mesh. */
    public Note(List<String> waitingFor, String problem, Map<Gate, Long> left) {
        this(waitingFor, problem, left, List.of());
    }

    public Note {
        waitingFor = List.copyOf(waitingFor);
        left = Map.copyOf(left);
        strangers = List.copyOf(strangers);
    }
}
