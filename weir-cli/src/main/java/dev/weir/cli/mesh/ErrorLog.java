package dev.weir.cli.mesh;

import dev.weir.cli.logging.RecentErrors;
import dev.weir.proxy.admin.StatusReport.ErrorReport;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where the status report takes the last warnings and errors from.
 *
 * @param newestFirst any thread, at once
 */
public record ErrorLog(Supplier<List<ErrorReport>> newestFirst) {

    /** Those that were logged. */
    public static ErrorLog of(RecentErrors recent) {
        return new ErrorLog(() -> recent.newestFirst().stream()
                .map(entry -> new ErrorReport(entry.at().toString(), entry.level(), entry.message()))
                .toList());
    }
}
