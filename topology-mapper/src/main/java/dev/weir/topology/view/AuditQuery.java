package dev.weir.topology.view;

import java.util.Set;

/**
 * What is asked of the audit.
 *
 * @param sinceMillis what ended before is left out
 * @param service only of this Service; empty for all
 * @param kinds only of these; empty for all
 * @param limit how many at most, from 1 to {@link #LIMIT_MAX}
 * @param after where an earlier page ended; empty to begin at {@code sinceMillis}
 */
public record AuditQuery(long sinceMillis, String service, Set<AuditEntry.Kind> kinds, int limit, String after) {
    public static final int LIMIT_MAX = 1_000;
    public static final int LIMIT_DEFAULT = 200;

    public AuditQuery {
        kinds = Set.copyOf(kinds);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit " + limit + "; expected 1 to " + LIMIT_MAX);
        }
    }

    public boolean wants(AuditEntry entry) {
        return entry.lastMillis() >= sinceMillis
                && (service.isEmpty() || service.equals(entry.service()))
                && (kinds.isEmpty() || kinds.contains(entry.kind()));
    }
}
