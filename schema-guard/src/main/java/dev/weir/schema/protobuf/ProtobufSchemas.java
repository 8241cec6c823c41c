package dev.weir.schema.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Compatibility;
import dev.weir.schema.compatibility.Direction;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.protobuf.MessageChoice.ByIndexes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The Protobuf schemas of a folder. A file may import others. They are read when they are asked for, once. Any thread. */
public final class ProtobufSchemas {
    private final SortedMap<String, String> texts;
    private final Map<String, FileDescriptor> linked = new ConcurrentHashMap<>();

    private ProtobufSchemas(SortedMap<String, String> texts) {
        this.texts = texts;
    }

    /**
     * Of some texts.
     *
     * @param texts by file name, with its path in the folder, by which imports name them
     */
    public static ProtobufSchemas of(Map<String, String> texts) {
        return new ProtobufSchemas(Collections.unmodifiableSortedMap(new TreeMap<>(texts)));
    }

    /** Their names, sorted. */
    public Set<String> files() {
        return texts.keySet();
    }

    /**
     * Reads payloads by a message of a file; empty where there is no such file.
     *
     * @param framing what stood before the payload; those of serializers that say the message leave it to be read
     * @param message its full name, or that within the package; empty for what the framing says, or the only one of the file
     * @param unknownFields whether payloads may have fields that the schema does not have
     * @throws SchemaFileException when a file cannot be read, has no such message, or has several and none is named
     */
    public Optional<PayloadValidator> validator(
            String file, Framing framing, String message, boolean unknownFields, Limits limits)
            throws SchemaFileException {
        return validator(file, framing, message, List.of(), unknownFields, limits);
    }

    /**
     * As the other, of a record that says in a header which message it is.
     *
     * @param indexes as {@link ProtobufMessages#validator} takes them
     */
    public Optional<PayloadValidator> validator(
            String file, Framing framing, String message, List<Integer> indexes, boolean unknownFields, Limits limits)
            throws SchemaFileException {
        Optional<ProtobufMessages> messages = messages(file, framing, message, unknownFields, limits);
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(messages.get().validator(indexes));
    }

    /**
     * As {@link #validator(String, Framing, String, boolean, Limits)}, ready for whichever message a record says in a header.
     *
     * @throws SchemaFileException when the file cannot be read, or has no such message
     */
    public Optional<ProtobufMessages> messages(
            String file, Framing framing, String message, boolean unknownFields, Limits limits)
            throws SchemaFileException {
        if (!texts.containsKey(file)) {
            return Optional.empty();
        }
        FileDescriptor whole = linked(file);
        ProtobufCompiler compiler = new ProtobufCompiler();
        MessageNode only = message.isEmpty() ? null : compiler.compile(named(whole, message));
        Branch all = Branch.of(whole, compiler);
        MessageChoice unsaid = null;
        SchemaFileException unclear = null;
        try {
            unsaid = unsaid(whole, framing, only, all, compiler);
        } catch (SchemaFileException e) {
            unclear = e;
        }
        return Optional.of(new ProtobufMessages(all, only, unsaid, unclear, unknownFields, limits));
    }

    /** Where no header says which message it is. */
    private static MessageChoice unsaid(
            FileDescriptor file, Framing framing, @Nullable MessageNode only, Branch all, ProtobufCompiler compiler)
            throws SchemaFileException {
        List<MessageNode> messages =
                file.getMessageTypes().stream().map(compiler::compile).toList();
        return switch (framing) {
            case CONFLUENT_PREFIX ->
                new MessageChoice.NameFirst(MessageChoice.ByName.of(messages, all), new ByIndexes(all, only), only);
            case APICURIO -> MessageChoice.ByName.of(only == null ? messages : List.of(only), all);
            case APICURIO_HEADERS ->
                new MessageChoice.NameFirst(
                        MessageChoice.ByName.of(messages, all), declared(file, only, compiler), only);
            case NONE, CONFLUENT_HEADERS -> declared(file, only, compiler);
        };
    }

    private static MessageChoice.Declared declared(
            FileDescriptor file, @Nullable MessageNode only, ProtobufCompiler compiler) throws SchemaFileException {
        return new MessageChoice.Declared(only == null ? compiler.compile(only(file)) : only);
    }

    /**
     * What these, the new ones, break of the old ones; files that are only on one side break nothing.
     *
     * @throws SchemaFileException when one that is on both sides cannot be read
     */
    public List<Breach> breaches(ProtobufSchemas old, Compatibility level) throws SchemaFileException {
        List<Breach> breaches = new ArrayList<>();
        for (String file : texts.keySet()) {
            breaches.addAll(breaches(file, old, level));
        }
        return breaches;
    }

    /** As the other, of one file; nothing where it is not on both sides. What it imports is looked at where the file uses it. */
    public List<Breach> breaches(String file, ProtobufSchemas old, Compatibility level) throws SchemaFileException {
        List<Breach> breaches = new ArrayList<>();
        if (!texts.containsKey(file) || !old.texts.containsKey(file)) {
            return breaches;
        }
        FileDescriptor now = linked(file);
        FileDescriptor before = old.linked(file);
        for (Direction direction : level.directions()) {
            breaches.addAll(
                    direction == Direction.BACKWARD
                            ? ProtobufCompatibility.breaches(file, direction, now, before)
                            : ProtobufCompatibility.breaches(file, direction, before, now));
        }
        return breaches;
    }

    /**
     * The files that one imports, and those that they import, as far as they are there.
     *
     * @throws SchemaFileException when one cannot be read
     */
    public Set<String> imports(String file) throws SchemaFileException {
        Set<String> found = new TreeSet<>();
        if (texts.containsKey(file)) {
            collect(linked(file), found);
            found.retainAll(texts.keySet());
        }
        return found;
    }

    private static void collect(FileDescriptor file, Set<String> found) {
        for (FileDescriptor imported : file.getDependencies()) {
            if (found.add(imported.getName())) {
                collect(imported, found);
            }
        }
    }

    private FileDescriptor linked(String file) throws SchemaFileException {
        FileDescriptor known = linked.get(file);
        if (known == null) {
            known = new ProtoLinker(texts).link(file); // a mistake is told each time
            linked.put(file, known);
        }
        return known;
    }

    private static Descriptor only(FileDescriptor file) throws SchemaFileException {
        List<Descriptor> messages = file.getMessageTypes();
        if (messages.size() != 1) {
            throw new SchemaFileException(
                    file.getName(),
                    0,
                    "it has " + messages.size() + " messages; name the one that records are: " + names(messages));
        }
        return messages.get(0);
    }

    private static Descriptor named(FileDescriptor file, String name) throws SchemaFileException {
        List<Descriptor> all = all(file.getMessageTypes());
        String full = file.getPackage().isEmpty() ? name : file.getPackage() + "." + name;
        return all.stream()
                .filter(message -> message.getFullName().equals(name)
                        || message.getFullName().equals(full))
                .findFirst()
                .orElseThrow(() -> new SchemaFileException(
                        file.getName(), 0, "it has no message " + name + "; it has " + names(all)));
    }

    private static List<Descriptor> all(List<Descriptor> messages) {
        List<Descriptor> all = new ArrayList<>();
        for (Descriptor message : messages) {
            if (!message.getOptions().getMapEntry()) {
                all.add(message);
                all.addAll(all(message.getNestedTypes()));
            }
        }
        return all;
    }

    private static String names(List<Descriptor> messages) {
        return messages.stream().map(Descriptor::getFullName).collect(Collectors.joining(", "));
    }
}
