package dev.weir.schema.protobuf;

import java.util.Optional;
import java.util.Set;

/** Which file an import means. */
public final class ProtoImports {
    private ProtoImports() {}

    /**
     * An import counts from one of the folders above the file: which one, only the caller of a compiler would know. The nearest is taken that
     * has it.
     *
     * @param from the file that imports, with its path
     * @param path as it stands there
     * @param files those that there are
     * @return empty where there is none of them
     */
    public static Optional<String> find(String from, String path, Set<String> files) {
        for (int slash = from.lastIndexOf('/'); ; slash = from.lastIndexOf('/', slash - 1)) {
            String file = from.substring(0, slash + 1) + path;
            if (files.contains(file)) {
                return Optional.of(file);
            }
            if (slash < 0) {
                return Optional.empty();
            }
        }
    }
}
