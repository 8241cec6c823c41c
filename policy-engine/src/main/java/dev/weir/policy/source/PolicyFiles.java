package dev.weir.policy.source;

import dev.weir.policy.parse.PolicyFile;
import dev.weir.schema.format.SchemaFormat;
import java.util.List;

/**
 * All policy files at one revision.
 *
 * @param revision a Git commit id, or {@code sha256:...} of a folder's contents
 * @param files sorted by path
 * @param notice what the operator should know about how this revision came about, or empty
 * @param author who made the commit, as {@code name <address>}; empty for a folder
 */
public record PolicyFiles(String revision, List<PolicyFile> files, String notice, String author) {
    /** A policy larger than this is a mistake, or an attack. */
    public static final int FILES_MAX = 10_000;

    public static final long BYTES_MAX = 64L * 1024 * 1024;

    public PolicyFiles {
        files = List.copyOf(files);
    }

    /** Files that nobody is known to have written. */
    public PolicyFiles(String revision, List<PolicyFile> files, String notice) {
        this(revision, files, notice, "");
    }

    /** Whether a name is that of a file with documents, and not of a schema. */
    static boolean isYaml(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /** Whether a name is that of a policy file, documents and schemas; everything else in the folder is none of policy's business. */
    public static boolean isPolicy(String name) {
        return !name.startsWith(".")
                && (isYaml(name) || SchemaFormat.ofFile(name).isPresent());
    }
}
