package dev.weir.schema.protobuf;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a folder and those that they import, once each, and links them: Protobuf's own library resolves names
 * and finds what contradicts itself. What Google ships with Protobuf may be imported and need not lie
 * there. An import that is not there is passed over, since many bring options only; what is used of it is then missing.
 */
final class ProtoLinker {
    private static final Map<String, FileDescriptor> SHIPPED = Stream.of(
                    AnyProto.getDescriptor(),
                    ApiProto.getDescriptor(),
                    DescriptorProtos.getDescriptor(),
                    DurationProto.getDescriptor(),
                    EmptyProto.getDescriptor(),
                    FieldMaskProto.getDescriptor(),
                    SourceContextProto.getDescriptor(),
                    StructProto.getDescriptor(),
                    TimestampProto.getDescriptor(),
                    TypeProto.getDescriptor(),
                    WrappersProto.getDescriptor())
            .collect(Collectors.toUnmodifiableMap(FileDescriptor::getName, file -> file));

    private final Map<String, String> texts;
    private final Map<String, FileDescriptor> linked = new HashMap<>();
    private final Set<String> open = new LinkedHashSet<>();

    ProtoLinker(Map<String, String> texts) {
        this.texts = texts;
    }

    /**
     * One file with all that it needs.
     *
     * @param name of one of the texts
     * @throws SchemaFileException with the file that it is in
     */
    FileDescriptor link(String name) throws SchemaFileException {
        FileDescriptor known = linked.get(name);
        if (known != null) {
            return known;
        }
        if (!open.add(name)) {
            throw new SchemaFileException(name, 0, "it imports itself: " + String.join(" -> ", open) + " -> " + name);
        }
        ProtoSource source = ProtoSource.read(name, texts.getOrDefault(name, ""));
        FileDescriptorProto.Builder file = source.file();
        Set<String> missing = new TreeSet<>();
        List<FileDescriptor> imports = new ArrayList<>();
        for (ProtoSource.Import one : source.imports()) {
            FileDescriptor found = find(name, one.path());
            if (found == null) {
                missing.add(one.path());
                continue;
            }
            if (!imports.contains(found)) {
                imports.add(found);
            }
            if (one.isPublic()) {
                file.addPublicDependency(imports.indexOf(found));
            }
        }
        imports.forEach(found -> file.addDependency(found.getName()));
        try {
            FileDescriptor made = FileDescriptor.buildFrom(file.build(), imports.toArray(FileDescriptor[]::new), false);
            linked.put(name, made);
            open.remove(name);
            return made;
        } catch (DescriptorValidationException e) {
            String hint = missing.isEmpty() ? "" : "; what it imports is not there: " + String.join(", ", missing);
            throw new SchemaFileException(
                    name, source.lines().getOrDefault(e.getProblemSymbolName(), 0), problem(e) + hint);
        }
    }

    private @Nullable FileDescriptor find(String from, String path) throws SchemaFileException {
        Optional<String> file = ProtoImports.find(from, path, texts.keySet());
        return file.isEmpty() ? SHIPPED.get(path) : link(file.get());
    }

    private static String problem(DescriptorValidationException e) {
        return (e.getProblemSymbolName().isEmpty() ? "" : e.getProblemSymbolName() + ": ") + e.getDescription();
    }
}
