package dev.weir.cli.config;

import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.config.AuditConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code audit}: where the audit is written as lines, besides its topic. */
final class AuditReader {
    private final ReferencedFiles files;
    private final boolean reported;

    /** @param reported whether this proxy reports at all: what is audited is collected by its reports */
    AuditReader(ReferencedFiles files, boolean reported) {
        this.files = files;
        this.reported = reported;
    }

    AuditConfig read(YamlObject audit) {
        if (!reported) {
            files.problems()
                    .add(audit.at(), "no audit without reports", "reports: {enabled: false}", "reports to be on");
        }
        Optional<Path> file = audit.text("file").map(this::file);
        return new AuditConfig(file, audit.bool("stdout", false));
    }

    /** The file is made when it is written to; its folder has to be there. */
    private Path file(Text text) {
        Path path = files.resolve(text);
        Path folder = path.getParent();
        boolean writable = folder != null
                && Files.isDirectory(folder)
                && (Files.exists(path)
                        ? Files.isRegularFile(path) && Files.isWritable(path)
                        : Files.isWritable(folder));
        if (!writable) {
            files.problems()
                    .add(
                            text.at(),
                            "audit file cannot be written",
                            '"' + text.value() + '"',
                            "a file in a folder that exists and may be written");
        }
        return path;
    }
}
