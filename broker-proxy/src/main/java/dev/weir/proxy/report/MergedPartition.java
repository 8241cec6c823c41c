package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Acknowledgement;
import dev.weir.mesh.report.v1.Append;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.Position;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.mesh.report.v1.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One partition in a round, from all connections that saw it. The reporter's thread. */
final class MergedPartition {
    private static final long NONE = -1;

    private record Reader(ReportedClient client, String group) {}

    private final List<LoopRound.Appended> appends = new ArrayList<>(2);
    private final List<LoopRound.Seen> spans = new ArrayList<>(2);
    private final List<GroupOffset> offsets = new ArrayList<>(0);
    private final List<Acknowledgement> acknowledgements = new ArrayList<>(0);
    private final Map<Reader, LoopRound.Place> places = new HashMap<>(2);
    private long highWatermark = NONE;
    private long lastStableOffset = NONE;
    private long logStartOffset = NONE;
    private long logEndOffset = NONE;

    void add(LoopRound.PartitionSeen seen, String group) {
        appends.addAll(seen.appends());
        spans.addAll(seen.spans());
        highWatermark = Math.max(highWatermark, seen.highWatermark());
        lastStableOffset = Math.max(lastStableOffset, seen.lastStableOffset());
        logStartOffset = Math.max(logStartOffset, seen.logStartOffset());
        logEndOffset = Math.max(logEndOffset, seen.logEndOffset());
        LoopRound.Place place = seen.place();
        if (place != null) {
            places.merge(new Reader(seen.client(), group), place, LoopRound.Place::newer);
        }
    }

    void add(GroupOffset offset) {
        offsets.add(offset);
    }

    void add(Acknowledgement acknowledgement) {
        acknowledgements.add(acknowledgement);
    }

    Progress message(Header.Builder header, String topic, int partition) {
        Progress.Builder progress = Progress.newBuilder()
                .setHeader(header)
                .setTopic(topic)
                .setPartition(partition)
                .setHighWatermark(highWatermark)
                .setLastStableOffset(lastStableOffset)
                .setLogStartOffset(logStartOffset)
                .setLogEndOffset(logEndOffset)
                .addAllOffsets(offsets)
                .addAllAcknowledgements(acknowledgements);
        joinAppends();
        joinSpans();
        for (LoopRound.Appended append : appends) {
            progress.addAppends(Append.newBuilder()
                    .setFirstOffset(append.first)
                    .setEndOffset(append.end)
                    .setFromMillis(append.fromMillis)
                    .setToMillis(append.toMillis)
                    .setTransactional(append.transactional)
                    .setRecords(append.records));
        }
        for (LoopRound.Seen span : spans) {
            progress.addSpans(Span.newBuilder()
                    .setFirstOffset(span.first)
                    .setEndOffset(span.end)
                    .setRecords(span.records)
                    .setControl(span.content == LoopRound.Content.MARKERS)
                    .setAborted(span.content == LoopRound.Content.ABORTED)
                    .setMaxTimestampMillis(span.maxTimestampMillis));
        }
        places.forEach((reader, place) -> progress.addPositions(position(reader, place)));
        return progress.build();
    }

    private static Position.Builder position(Reader reader, LoopRound.Place place) {
        Position.Builder position = Position.newBuilder()
                .setClient(reader.client.message())
                .setGroup(reader.group)
                .setFetchOffset(place.fetchOffset())
                .setDeliveredOffset(place.deliveredOffset())
                .setAtMillis(place.atMillis());
        return place.othersFrom() < 0 ? position : position.setOthersFromOffset(place.othersFrom());
    }

    /** In order of offsets; what several producers appended one after the other becomes one. */
    private void joinAppends() {
        appends.sort(Comparator.comparingLong(append -> append.first));
        int kept = 0;
        for (int i = 1; i < appends.size(); i++) {
            LoopRound.Appended last = appends.get(kept);
            LoopRound.Appended next = appends.get(i);
            if (next.first == last.end && next.transactional == last.transactional) {
                last.fromMillis = Math.min(last.fromMillis, next.fromMillis);
                last.extend(next.end, next.toMillis, next.records);
            } else {
                appends.set(++kept, next);
            }
        }
        truncate(appends, kept + 1);
    }

    /** In order of offsets; what several groups read is told of once, but that it was aborted, which not all are told. */
    private void joinSpans() {
        spans.sort(Comparator.<LoopRound.Seen>comparingLong(span -> span.first)
                .thenComparing(Comparator.<LoopRound.Seen>comparingLong(span -> span.end)
                        .reversed()));
        int kept = 0;
        long toldTo = spans.isEmpty() ? 0 : spans.get(0).end;
        for (int i = 1; i < spans.size(); i++) {
            LoopRound.Seen last = spans.get(kept);
            LoopRound.Seen next = spans.get(i);
            boolean news = next.content == LoopRound.Content.ABORTED && last.content != next.content;
            if (next.end <= toldTo && !news) {
                continue;
            }
            if (next.first == last.end && next.content == last.content) {
                last.extend(next.end, next.records, next.maxTimestampMillis);
            } else {
                spans.set(++kept, next);
            }
            toldTo = Math.max(toldTo, next.end);
        }
        truncate(spans, kept + 1);
    }

    private static void truncate(List<?> list, int size) {
        if (size < list.size()) {
            list.subList(size, list.size()).clear();
        }
    }
}
