package dev.weir.proxy.report;

import dev.weir.proxy.cluster.TopicDirectory;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The topics that one connection has to do with, each found once and kept for as long as the connection lasts. Event loop
 * only. One that has seen very many begins anew.
 */
final class TopicTable {
    private static final int TOPICS_MAX = 10_000;

    private final ConnectionReports connection;
    private final TopicDirectory directory;
    private final Map<String, TopicCells> byName = new HashMap<>(2);
    private final Map<Uuid, TopicCells> byId = new HashMap<>(2);
    private @Nullable TopicCells last;

    TopicTable(ConnectionReports connection, TopicDirectory directory) {
        this.connection = connection;
        this.directory = directory;
    }

    TopicCells of(String name) {
        TopicCells recent = last;
        if (recent != null && recent.topic().equals(name)) {
            return recent;
        }
        TopicCells cells = byName.get(name);
        if (cells == null) {
            if (byName.size() >= TOPICS_MAX) {
                byName.clear();
                byId.clear();
            }
            cells = new TopicCells(connection, name);
            byName.put(name, cells);
        }
        last = cells;
        return cells;
    }

    /** The topic with an id, or {@code null} when nobody knows it. */
    @Nullable
    TopicCells of(Uuid id) {
        TopicCells cells = byId.get(id);
        if (cells == null) {
            String name = directory.name(id);
            if (name == null) {
                return null;
            }
            cells = of(name);
            byId.put(id, cells);
        }
        return cells;
    }

    /** The topic that a message names in one way or the other; {@code null} when it does neither, or nobody knows it. */
    @Nullable
    TopicCells of(@Nullable String name, Uuid id) {
        if (!id.equals(Uuid.ZERO_UUID)) {
            return of(id);
        }
        return name == null || name.isEmpty() ? null : of(name);
    }

    @Nullable
    String name(Uuid id) {
        return directory.name(id);
    }

    /** The client's fetch session is over. */
    void notFetching() {
        byName.values().forEach(TopicCells::notFetching);
    }
}
