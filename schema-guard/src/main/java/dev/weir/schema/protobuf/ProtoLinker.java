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
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Parses the files of a folder and those that they import, once each, and links them: Wire reads the text, Protobuf's own
 * library resolves names and finds what contradicts itself. What Google ships with Protobuf may be imported and need not lie
 * there. An import that is not there is passed over, since many bring options only; what is used of it is then missing.
 */
final class ProtoLinker {
    private static final int NESTING_MAX = 64;
    /** Where in a message Wire puts the place: behind the file, {@code :line:column}. */
    private static final Pattern PLACE = Pattern.compile(":(\\d+):\\d+:? ?");

    private static final Pattern EDITION = Pattern.compile("(?m)^\\s*edition\\s*=");

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
        ProtoFileElement parsed = parse(name, texts.getOrDefault(name, ""));
        FileDescriptorProto.Builder file = DescriptorBuilder.file(name, parsed);
        Set<String> missing = new TreeSet<>();
        List<FileDescriptor> imports = new ArrayList<>();
        for (String path : parsed.getImports()) {
            add(name, path, imports, missing);
        }
        for (String path : parsed.getPublicImports()) {
            file.addPublicDependency(imports.size());
            if (!add(name, path, imports, missing)) {
                file.clearPublicDependency();
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
            throw new SchemaFileException(name, line(parsed, e.getProblemSymbolName()), problem(e) + hint);
        }
    }

    private boolean add(String from, String path, List<FileDescriptor> imports, Set<String> missing)
            throws SchemaFileException {
        String file = resolve(from, path);
        FileDescriptor found = file == null ? SHIPPED.get(path) : link(file);
        if (found == null) {
            missing.add(path);
        } else if (!imports.contains(found)) {
            imports.add(found);
        }
        return found != null;
    }

    /** An import counts from one of the folders above the file: which one, only the caller of a compiler would know. */
    private @Nullable String resolve(String from, String path) {
        for (int slash = from.lastIndexOf('/'); ; slash = from.lastIndexOf('/', slash - 1)) {
            String file = from.substring(0, slash + 1) + path;
            if (texts.containsKey(file)) {
                return file;
            }
            if (slash < 0) {
                return null;
            }
        }
    }

    private static ProtoFileElement parse(String name, String text) throws SchemaFileException {
        if (EDITION.matcher(text).find()) {
            throw new SchemaFileException(name, 0, "it says an edition; expected syntax = \"proto2\" or \"proto3\"");
        }
        checkNesting(name, text);
        ProtoFileElement parsed;
        try {
            parsed = ProtoParser.Companion.parse(Location.get(name), text);
        } catch (RuntimeException e) { // that is how Wire says it
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("it cannot be read");
            Matcher place = PLACE.matcher(message);
            if (!place.find()) {
                throw new SchemaFileException(name, message, e);
            }
            throw new SchemaFileException(
                    name, Integer.parseInt(place.group(1)), "it cannot be read: " + message.substring(place.end()));
        }
        return parsed;
    }

    /** Wire reads blocks within each other by calls within each other. */
    private static void checkNesting(String name, String text) throws SchemaFileException {
        int depth = 0;
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && depth > 0) {
                depth--;
            }
            if (depth > NESTING_MAX) {
                throw new SchemaFileException(
                        name, line, "blocks within each other: found more than " + NESTING_MAX + " levels");
            }
        }
    }

    private static String problem(DescriptorValidationException e) {
        return (e.getProblemSymbolName().isEmpty() ? "" : e.getProblemSymbolName() + ": ") + e.getDescription();
    }

    private static int line(ProtoFileElement file, String symbol) {
        return ProtoPlaces.of(file).getOrDefault(symbol, 0);
    }
}
