package dev.weir.topology.slo;

import dev.weir.topology.state.v1.SloBlock;
import java.util.Map;
import java.util.TreeMap;

/** One block while it is written: delays of each group on one partition, by the time of the append. */
final class SloCounts {
    private final SloBlock head;
    private final Map<String, Group> groups = new TreeMap<>();

    private static final class Group {
        private long accounted = -1;
        private final Map<Integer, Map<Integer, Long>> slots = new TreeMap<>();
    }

    SloCounts(SloBlock block) {
        this.head = block.toBuilder().clearGroups().build();
        for (SloBlock.GroupSlots state : block.getGroupsList()) {
            Group group = new Group();
            group.accounted = state.getAccountedOffset();
            for (SloBlock.Slot slot : state.getSlotsList()) {
                for (int i = 0; i < slot.getBucketsCount(); i++) {
                    add(group, slot.getIndex(), slot.getBuckets(i), slot.getRecords(i));
                }
            }
            groups.put(state.getGroup(), group);
        }
    }

    /** Whether records before an offset are new here; they are from now on not. */
    boolean take(String name, long end) {
        Group group = groups.computeIfAbsent(name, ignored -> new Group());
        if (end <= group.accounted) {
            return false;
        }
        group.accounted = end;
        return true;
    }

    void add(String name, int slot, int bucket, long records) {
        add(groups.computeIfAbsent(name, ignored -> new Group()), slot, bucket, records);
    }

    private static void add(Group group, int slot, int bucket, long records) {
        group.slots.computeIfAbsent(slot, ignored -> new TreeMap<>()).merge(bucket, records, Long::sum);
    }

    SloBlock block() {
        SloBlock.Builder block = head.toBuilder();
        groups.forEach((name, group) -> {
            SloBlock.GroupSlots.Builder state =
                    SloBlock.GroupSlots.newBuilder().setGroup(name).setAccountedOffset(group.accounted);
            group.slots.forEach((index, buckets) -> state.addSlots(SloBlock.Slot.newBuilder()
                    .setIndex(index)
                    .addAllBuckets(buckets.keySet())
                    .addAllRecords(buckets.values())));
            block.addGroups(state);
        });
        return block.build();
    }
}
