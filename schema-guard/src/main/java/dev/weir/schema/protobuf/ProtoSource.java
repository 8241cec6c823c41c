package dev.weir.schema.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One file as it was written: the text of a {@code *.proto}, which Wire reads; or its descriptor in base64, as Confluent's
 * serializers for Python and JavaScript register it, and some registries give it back. Services, extensions and most options
 * say nothing of how bytes are read, and are left out.
 *
 * @param file without its imports
 * @param imports in their order
 * @param lines of messages, fields and enums, by full name; a descriptor has none
 */
record ProtoSource(FileDescriptorProto.Builder file, List<Import> imports, Map<String, Integer> lines) {
    private static final int NESTING_MAX = 64;
    /** Where in a message Wire puts the place: behind the file, {@code :line:column}. */
    private static final Pattern PLACE = Pattern.compile(":(\\d+):\\d+:? ?");

    private static final Pattern EDITION = Pattern.compile("(?m)^\\s*edition\\s*=");
    /** No text of a file is that: whatever it says ends with a semicolon or a brace. */
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]++={0,2}\\s*+");

    private static final String EDITION_UNREAD = "it says an edition; expected syntax = \"proto2\" or \"proto3\"";

    /** @param isPublic whether those that import the file see it, too */
    record Import(String path, boolean isPublic) {}

    /** @throws SchemaFileException with the line where there is one */
    static ProtoSource read(String name, String text) throws SchemaFileException {
        Optional<FileDescriptorProto> descriptor = descriptor(text);
        return descriptor.isPresent() ? ofDescriptor(name, descriptor.get()) : ofText(name, text);
    }

    private static Optional<FileDescriptorProto> descriptor(String text) {
        if (!BASE64.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            // any compiler puts the file's name into it: what has none is no descriptor, whatever its bytes may stand
            // for
            return Optional.of(FileDescriptorProto.parseFrom(Base64.getDecoder().decode(text.strip())))
                    .filter(FileDescriptorProto::hasName);
        } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    private static ProtoSource ofDescriptor(String name, FileDescriptorProto descriptor) throws SchemaFileException {
        if (descriptor.hasEdition()) {
            throw new SchemaFileException(name, 0, EDITION_UNREAD);
        }
        List<Import> imports = IntStream.range(0, descriptor.getDependencyCount())
                .mapToObj(i -> new Import(
                        descriptor.getDependency(i),
                        descriptor.getPublicDependencyList().contains(i)))
                .toList();
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName(name)
                .setPackage(descriptor.getPackage())
                .setSyntax(descriptor.getSyntax())
                .addAllEnumType(descriptor.getEnumTypeList());
        descriptor.getMessageTypeList().forEach(message -> file.addMessageType(withoutExtensions(message)));
        return new ProtoSource(file, imports, Map.of());
    }

    private static DescriptorProto withoutExtensions(DescriptorProto message) {
        DescriptorProto.Builder rest = message.toBuilder().clearExtension().clearNestedType();
        message.getNestedTypeList().forEach(nested -> rest.addNestedType(withoutExtensions(nested)));
        return rest.build();
    }

    private static ProtoSource ofText(String name, String text) throws SchemaFileException {
        if (EDITION.matcher(text).find()) {
            throw new SchemaFileException(name, 0, EDITION_UNREAD);
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
        List<Import> imports = Stream.concat(
                        parsed.getImports().stream().map(path -> new Import(path, false)),
                        parsed.getPublicImports().stream().map(path -> new Import(path, true)))
                .toList();
        return new ProtoSource(DescriptorBuilder.file(name, parsed), imports, ProtoPlaces.of(parsed));
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
}
