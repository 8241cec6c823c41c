package dev.weir.schema.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the bounds of one schema leave all that those of another do. */
final class JsonBounds {
    private static final List<String> LEAST = List.of("minLength", "minItems", "minProperties");
    private static final List<String> MOST = List.of("maxLength", "maxItems", "maxProperties");

    private JsonBounds() {}

    /** Why not, in words. */
    static List<String> breaches(Said read, Said written, String readers, String writers) {
        List<String> breaches = new ArrayList<>();
        for (String keyword : LEAST) {
            check(keyword, read.number(keyword), written.number(keyword), 1, readers, writers, breaches);
        }
        for (String keyword : MOST) {
            check(keyword, read.number(keyword), written.number(keyword), -1, readers, writers, breaches);
        }
        numbers("inimum", 1, read, written, readers, writers, breaches);
        numbers("aximum", -1, read, written, readers, writers, breaches);
        return breaches;
    }

    /** A bound of the reader may be no narrower; one that excludes itself is narrower than one of the same number. */
    private static void numbers(
            String end, int side, Said read, Said written, String readers, String writers, List<String> breaches) {
        String keyword = "m" + end;
        String exclusive = "exclusiveM" + end;
        BigDecimal bound = read.number(keyword);
        BigDecimal within = narrowest(written.number(keyword), written.number(exclusive), side);
        check(keyword, bound, within, side, readers, writers, breaches);
        BigDecimal excluded = read.number(exclusive);
        BigDecimal writtenExcluded = written.number(exclusive);
        BigDecimal included = written.number(keyword);
        if (excluded == null) {
            return;
        }
        boolean inside = (writtenExcluded != null && excluded.compareTo(writtenExcluded) * side <= 0)
                || (included != null && excluded.compareTo(included) * side < 0);
        if (!inside) {
            breaches.add(words(exclusive, excluded, writtenExcluded, readers, writers));
        }
    }

    private static @Nullable BigDecimal narrowest(@Nullable BigDecimal one, @Nullable BigDecimal other, int side) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) * side > 0 ? one : other;
    }

    private static void check(
            String keyword,
            @Nullable BigDecimal bound,
            @Nullable BigDecimal writtenBound,
            int side,
            String readers,
            String writers,
            List<String> breaches) {
        if (bound == null || (LEAST.contains(keyword) && bound.signum() == 0)) {
            return;
        }
        if (writtenBound == null || bound.compareTo(writtenBound) * side > 0) {
            breaches.add(words(keyword, bound, writtenBound, readers, writers));
        }
    }

    private static String words(
            String keyword, BigDecimal bound, @Nullable BigDecimal writtenBound, String readers, String writers) {
        return keyword + " of the " + readers + " schema is " + bound.toPlainString() + ", and that of the " + writers
                + " one " + (writtenBound == null ? "none" : writtenBound.toPlainString()) + "; it may not be narrower";
    }
}
