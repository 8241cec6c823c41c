package dev.weir.cli.audit;

import dev.weir.cli.topology.Columns;
import dev.weir.topology.view.AuditEntry;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** One entry of the audit in a line for people. */
final class AuditText {
    private static final int KIND = 8;
    private static final int WHO = 18;
    private static final int REVISION_LENGTH = 14;

    private final DateTimeFormatter time;

    AuditText(ZoneId zone) {
        this.time =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    String line(AuditEntry entry) {
        String times = entry.count() > 1 ? "  x" + entry.count() : "";
        String line = time.format(Instant.ofEpochMilli(entry.firstMillis())) + "  "
                + Columns.left(kind(entry.kind()), KIND) + " "
                + padded(who(entry)) + " "
                + what(entry)
                + times;
        return Columns.clean(line).stripTrailing();
    }

    private static String kind(AuditEntry.Kind kind) {
        return switch (kind) {
            case DENIED -> "DENIED";
            case DRY_RUN_DENIED -> "dry-run";
            case ADMIN -> "admin";
            case LOG_IN -> "log-in";
            case LOG_IN_FAILED -> "NO ENTRY";
            case POLICY_IN_FORCE -> "policy";
            case POLICY_REFUSED -> "REFUSED";
            case SCHEMA_VIOLATION -> "schema";
            case READ_REFUSED -> "REFUSED";
            case SESSION_ENDED -> "ended";
            case OTHER -> "other";
        };
    }

    private static String who(AuditEntry entry) {
        if (!entry.service().isEmpty()) {
            return entry.service();
        }
        if (!entry.principal().isEmpty()) {
            return entry.principal();
        }
        if (entry.kind() != AuditEntry.Kind.LOG_IN_FAILED) {
            return "-";
        }
        // those that were too many to be told one by one have no address either
        return entry.source().isEmpty() && entry.count() > 1 ? "(several)" : "(not named)";
    }

    /** Whole, however long: whoever looks for a principal has to find it. */
    private static String padded(String who) {
        return who.length() < WHO ? Columns.left(who, WHO) : who;
    }

    private static String what(AuditEntry entry) {
        return switch (entry.kind()) {
            case DENIED, DRY_RUN_DENIED ->
                operation(entry) + " " + resource(entry) + by(entry) + from(entry)
                        + (entry.reason().isEmpty() ? "" : ": " + entry.reason());
            case ADMIN ->
                entry.api() + " " + resource(entry) + ": " + result(entry) + by(entry) + from(entry)
                        + (entry.reason().isEmpty() ? "" : ": " + entry.reason());
            case LOG_IN -> how(entry) + from(entry);
            case LOG_IN_FAILED, SESSION_ENDED -> how(entry) + from(entry) + ": " + entry.reason();
            case POLICY_IN_FORCE ->
                revision(entry) + " is in force" + author(entry)
                        + (entry.reason().isEmpty() ? "" : ": " + entry.reason());
            case SCHEMA_VIOLATION ->
                "records for " + resource(entry) + ", " + entry.reason() + by(entry) + from(entry)
                        + (entry.example().isEmpty() ? "" : "; the first: " + entry.example());
            case READ_REFUSED ->
                operation(entry) + " " + resource(entry) + ", " + entry.reason() + by(entry) + from(entry);
            case POLICY_REFUSED -> revision(entry) + " is not taken" + author(entry) + ": " + entry.reason();
            case OTHER -> entry.reason();
        };
    }

    /** Kafka's name of an error; none is good news. */
    private static String result(AuditEntry entry) {
        return entry.result().equals("NONE") ? "done" : entry.result();
    }

    private static String operation(AuditEntry entry) {
        return entry.operation().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String resource(AuditEntry entry) {
        String type = entry.resourceType().toLowerCase(Locale.ROOT).replace('_', '-');
        return (type + " " + (entry.resourceName().isEmpty() ? "(several)" : entry.resourceName())).strip();
    }

    private static String by(AuditEntry entry) {
        if (entry.rule().isEmpty()) {
            return "";
        }
        return " by " + entry.rule() + (entry.ruleAt().isEmpty() ? "" : " (" + entry.ruleAt() + ")")
                + (entry.policyRevision().isEmpty() ? "" : " of " + revision(entry));
    }

    private static String how(AuditEntry entry) {
        String mechanism = entry.mechanism().isEmpty() || entry.mechanism().equals("NONE")
                ? "without credentials"
                : "by " + entry.mechanism();
        return mechanism + (entry.tls() ? " over TLS" : " without TLS") + " on " + entry.listener();
    }

    private static String from(AuditEntry entry) {
        return entry.source().isEmpty() ? "" : " from " + entry.source();
    }

    private static String revision(AuditEntry entry) {
        String revision = entry.policyRevision();
        return revision.length() > REVISION_LENGTH ? revision.substring(0, REVISION_LENGTH) : revision;
    }

    private static String author(AuditEntry entry) {
        return entry.author().isEmpty() ? "" : " (by " + entry.author() + ")";
    }
}
