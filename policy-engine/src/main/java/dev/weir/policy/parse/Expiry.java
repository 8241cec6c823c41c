package dev.weir.policy.parse;

import dev.weir.policy.yaml.YamlObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Reads {@code expires:}, the moment from which something counts no longer. */
final class Expiry {
    private Expiry() {}

    static Optional<Instant> read(YamlObject object) {
        return object.text("expires").flatMap(text -> {
            Optional<Instant> instant = instant(text.value());
            if (instant.isEmpty()) {
                String expected = "a date such as 2027-01-31 (from its first moment, UTC) or 2027-01-31T12:00:00Z";
                object.problems().add(text.at(), "not a date", '"' + text.value() + '"', expected);
            }
            return instant;
        });
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(
                    text.length() > "2027-01-31".length()
                            ? OffsetDateTime.parse(text).toInstant()
                            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
