package dev.weir.cli.mesh;

import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.member.GroupMember;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which members around the mesh have been told of already, so that the audit has each of them once. Of the controller's thread. */
final class CanaryBypasses {
    private final Map<String, Set<GroupMember>> told = new HashMap<>();

    /** Those that are new. */
    List<GroupMember> next(ChangeEvent.Noted noted) {
        Set<GroupMember> before = told.getOrDefault(noted.canary(), Set.of());
        List<GroupMember> now = noted.note().strangers();
        told.put(noted.canary(), new HashSet<>(now));
        return now.stream().filter(member -> !before.contains(member)).toList();
    }
}
