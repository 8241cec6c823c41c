package dev.weir.topology.view;

import java.util.List;

/**
 * A part of the audit, the oldest first.
 *
 * @param next to go on from here with {@link AuditQuery#after}, also when this was all there is
 * @param more whether there is more now; a page may be empty and still have more, where little of what was read is wanted
 */
public record AuditPage(List<AuditEntry> entries, String next, boolean more) {
    public AuditPage {
        entries = List.copyOf(entries);
    }
}
