package dev.weir.canary.kafka;

import dev.weir.canary.Gate;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.Controller;
import dev.weir.canary.change.Note;
import dev.weir.canary.member.GroupMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** What a controller in office has to say to people of its canaries. Of its thread. */
final class NoteTaker {
    /** Between two looks at what is new: the log should not be full of it. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Controller controller;
    private final Map<String, String> problems = new HashMap<>();
    /** Why more weight is not even tried. */
    private final Map<String, String> obstacles = new HashMap<>();

    private final Map<String, List<GroupMember>> strangers = new HashMap<>();
    private final Map<String, Map<Gate, Long>> left = new HashMap<>();
    private long lookedNanos;

    /**
     * @param nowNanos a monotonic clock
     */
    NoteTaker(Controller controller, long nowNanos) {
        this.controller = controller;
        lookedNanos = nowNanos;
    }

    /** Why a weight is not changed. */
    void problem(String canary, String reason) {
        problems.put(canary, reason);
    }

    /** A change went through. */
    void solved(String canary) {
        problems.remove(canary);
    }

    /** More weight is wanted, and why that is not tried; empty where it is. */
    void obstacle(String canary, String reason) {
        if (reason.isEmpty()) {
            obstacles.remove(canary);
        } else {
            obstacles.put(canary, reason);
        }
    }

    /** Members of its groups that come around the mesh. */
    void strangers(String canary, List<GroupMember> found) {
        if (found.isEmpty()) {
            strangers.remove(canary);
        } else {
            strangers.put(canary, found);
        }
    }

    /** There are no others any more. */
    void planned(Set<String> canaries) {
        obstacles.keySet().retainAll(canaries);
        strangers.keySet().retainAll(canaries);
    }

    /** How far everything is that a canary waits for. */
    void left(String canary, Map<Gate, Long> next) {
        Map<Gate, Long> open = new HashMap<>(next);
        open.entrySet().removeIf(entry -> entry.getValue() >= entry.getKey().fence());
        left.put(canary, open);
    }

    private String problem(String canary, List<String> waitingFor) {
        String unsettled = waitingFor.isEmpty() ? controller.unsettled(canary) : "";
        return unsettled.isEmpty() ? problems.getOrDefault(canary, "") : unsettled;
    }

    /** What is new, where it is time to say it; nothing while a change holds fetches back. */
    List<ChangeEvent> next(long nowNanos) {
        Map<String, CanaryState> canaries = controller.log().canaries();
        if (nowNanos - lookedNanos < PAUSE_NANOS
                || canaries.values().stream().anyMatch(state -> state.pending() != null)) {
            return List.of();
        }
        lookedNanos = nowNanos;
        List<ChangeEvent> events = new ArrayList<>();
        Set<String> all = new TreeSet<>(canaries.keySet());
        all.addAll(obstacles.keySet());
        all.addAll(strangers.keySet());
        all.forEach(canary -> {
            CanaryState state = controller.log().of(canary);
            List<String> waitingFor = controller.waitingFor(canary, nowNanos);
            Note note = new Note(
                    waitingFor,
                    obstacles.getOrDefault(canary, problem(canary, waitingFor)),
                    state.raised() ? left.getOrDefault(canary, Map.of()) : Map.of(),
                    strangers.getOrDefault(canary, List.of()));
            if (!note.equals(state.note())) {
                events.add(new ChangeEvent.Noted(canary, note));
            }
        });
        return events;
    }
}
