package dev.weir.proxy.wire;

import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.FieldType;
import dev.weir.proxy.wire.spec.FieldType.Primitive;
import dev.weir.proxy.wire.spec.MessageSpec;
import dev.weir.proxy.wire.spec.StructSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a spec into a {@link Program}. Neighbouring fields of fixed size that nobody asked for become one skip. What
 * nobody asked for is stepped over, but always by its structure, as the broker reads it, known tagged fields included:
 * a size that lies can then not make Weir see other fields than the broker does.
 */
final class ProgramCompiler {

    private static final int TAGS_SLOTS = 3;

    private final MessageSpec message;
    private final int version;
    /**
     * librdkafka (2.12, for one) asks for all topics with a null of four bytes where one is meant: what it says next comes too late, and
     * brokers leave these bytes alone (ADR 0054).
     */
    private static final int METADATA_TRAILING_BYTES_MAX = 3;

    private final Interest interest;

    private int[] code = new int[64];
    private final List<String> paths = new ArrayList<>();
    private int size;
    private int pendingSkip;
    private String skipPath = "";
    private int slots;
    private boolean reporting;

    private ProgramCompiler(MessageSpec message, int version, Interest interest) {
        this.message = message;
        this.version = version;
        this.interest = interest;
    }

    static Program compile(MessageSpec message, short version, Interest interest) {
        ProgramCompiler compiler = new ProgramCompiler(message, version, interest);
        compiler.struct(message.body(), message.name(), 0);
        compiler.emit(message.name(), Op.END);
        return new Program(
                message.name() + " v" + version,
                Arrays.copyOf(compiler.code, compiler.size),
                compiler.slots,
                List.copyOf(compiler.paths),
                message.isFlexible(version),
                compiler.reporting,
                message.body().fields().stream()
                        .allMatch(field ->
                                !field.isInline(version) || !BrokerAddresses.carries(message, field.type(), version)),
                isMetadataRequest(message) && message.isFlexible(version) ? METADATA_TRAILING_BYTES_MAX : 0);
    }

    private static boolean isMetadataRequest(MessageSpec message) {
        return message.apiKey() == ApiKeys.METADATA.id && message.direction() == Direction.REQUEST;
    }

    private void struct(StructSpec struct, String path, int slot) {
        int meaning = asked(FieldMeanings.of(message, struct, version));
        if (meaning != Op.NO_FIELD) {
            emit(path, Op.STRUCT_BEGIN, meaning);
        }
        for (FieldSpec field : struct.fields()) {
            if (field.isInline(version)) {
                field(struct, field, path + "." + field.name(), slot);
            }
        }
        if (message.isFlexible(version)) {
            tags(struct, path, slot);
        }
        if (meaning != Op.NO_FIELD) {
            emit(path, Op.STRUCT_END, meaning);
        }
    }

    private void field(StructSpec owner, FieldSpec field, String path, int slot) {
        Field meaning = FieldMeanings.of(message, owner, field, version);
        boolean compact = field.flexibleVersions().contains(version);
        int nullable = field.nullableVersions().contains(version) ? Op.LengthKind.NULLABLE : 0;
        if (field.type() instanceof FieldType.Array array) {
            int kind = (compact ? Op.LengthKind.COMPACT : Op.LengthKind.INT32) + nullable;
            array(array.element(), kind, compact, meaning, path, slot);
        } else if (field.type() instanceof FieldType.Struct struct) {
            int guard = nullable == 0 ? -1 : emit(path, Op.NULLABLE_STRUCT, 0);
            struct(struct.spec(), path, slot);
            if (guard >= 0) {
                patch(guard + 1);
            }
        } else if (field.type() instanceof Primitive primitive) {
            primitive(primitive, compact, nullable, asked(meaning), path);
        }
    }

    private void array(
            FieldType element, int lengthKind, boolean compact, @Nullable Field meaning, String path, int slot) {
        Field elementMeaning = element instanceof FieldType.Struct struct
                ? FieldMeanings.of(message, struct.spec(), version)
                : meaning;
        int field = asked(FieldMeanings.ofArray(elementMeaning));
        int fixedBytes = fixedBytes(element);
        if (fixedBytes > 0 && !isAsked(element, meaning)) {
            emit(path, Op.SKIP_ARRAY, lengthKind, fixedBytes, field);
            return;
        }
        slots = Math.max(slots, slot + 1);
        int head = emit(path, Op.ARRAY, lengthKind, bytesMin(element, compact), field, slot, 0);
        int start = size;
        if (element instanceof FieldType.Struct struct) {
            struct(struct.spec(), path, slot + 1);
        } else if (element instanceof Primitive primitive) {
            primitive(primitive, compact, 0, asked(meaning), path);
        } else {
            throw new IllegalStateException(path + ": an array of arrays is not known to the protocol");
        }
        emit(path, Op.NEXT_ELEMENT, slot, start);
        patch(head + 5);
    }

    private void primitive(Primitive type, boolean compact, int nullable, int field, String path) {
        int width = type.widthBytes();
        if (width > 0 && field == Op.NO_FIELD) {
            if (pendingSkip == 0) {
                skipPath = path;
            }
            pendingSkip += width;
            return;
        }
        switch (type) {
            case BOOL, INT8 -> emit(path, Op.INT8, field);
            case INT16 -> emit(path, Op.INT16, field);
            case UINT16 -> emit(path, Op.UINT16, field);
            case INT32 -> emit(path, Op.INT32, field);
            case UINT32 -> emit(path, Op.UINT32, field);
            case INT64 -> emit(path, Op.INT64, field);
            case UUID -> {
                emit(path, Op.UUID_HIGH, field);
                emit(path, Op.UUID_LOW, field);
            }
            case STRING -> {
                int kind = Op.LengthKind.STRING + (compact ? Op.LengthKind.COMPACT : Op.LengthKind.INT16) + nullable;
                sized(Op.STRING_LENGTH, Op.STRING_BODY, kind, field, path);
            }
            case BYTES, RECORDS -> {
                int kind = (compact ? Op.LengthKind.COMPACT : Op.LengthKind.INT32) + nullable;
                sized(Op.BYTES_LENGTH, Op.BYTES_BODY, kind, field, path);
            }
            case FLOAT64 -> throw new IllegalStateException(path + ": a float is never reported");
        }
    }

    private void sized(int lengthOp, int bodyOp, int lengthKind, int field, String path) {
        if (field == Op.NO_FIELD) {
            emit(path, Op.SKIP_SIZED, lengthKind);
            return;
        }
        int length = emit(path, lengthOp, lengthKind, field, 0);
        emit(path, bodyOp, field);
        patch(length + 3);
    }

    private void tags(StructSpec struct, String path, int slot) {
        List<FieldSpec> known = struct.fields().stream()
                .filter(field -> field.tag() >= 0)
                .sorted(Comparator.comparingInt(FieldSpec::tag))
                .toList();
        slots = Math.max(slots, slot + TAGS_SLOTS);
        int head = emit(path, Op.TAGS, slot, 0, known.size());
        for (FieldSpec field : known) {
            append(path, field.tag(), Op.TAG_NOT_IN_VERSION, Op.NO_FIELD);
        }
        emit(path, Op.TAG, head);
        emit(path, Op.TAG_SIZE, head);
        emit(path, Op.NEXT_TAG, head);
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).isTagged(version)) {
                taggedField(struct, known.get(i), head, i, path, slot);
            }
        }
        patch(head + 2);
    }

    private void taggedField(StructSpec struct, FieldSpec field, int head, int index, String path, int slot) {
        boolean carriesAddresses = BrokerAddresses.carries(message, field.type(), version);
        int reported = carriesAddresses ? asked(Field.BROKER_ADDRESSES) : Op.NO_FIELD;
        int entry = head + Op.TAGS_ENTRIES + index * Op.TAGS_ENTRY_INTS;
        code[entry + 1] = size;
        code[entry + 2] = reported;
        String fieldPath = path + "." + field.name();
        field(struct, field, fieldPath, slot + TAGS_SLOTS);
        emit(fieldPath, Op.TAG_END, head, reported);
    }

    /** The operand for a field that the interest asks for. */
    private int asked(@Nullable Field field) {
        if (field == null || !interest.contains(field)) {
            return Op.NO_FIELD;
        }
        reporting = true;
        return field.operand();
    }

    private boolean isAsked(FieldType type, @Nullable Field meaning) {
        if (!(type instanceof FieldType.Struct struct)) {
            return meaning != null && interest.contains(meaning);
        }
        Field whole = FieldMeanings.of(message, struct.spec(), version);
        return (whole != null && interest.contains(whole))
                || struct.spec().fields().stream()
                        .filter(field -> field.versions().contains(version))
                        .anyMatch(field -> isAsked(
                                field.type().element(), FieldMeanings.of(message, struct.spec(), field, version)));
    }

    /** The size of a value that always has the same size, else 0. */
    private int fixedBytes(FieldType type) {
        if (type instanceof Primitive primitive) {
            return primitive.widthBytes();
        }
        if (!(type instanceof FieldType.Struct struct) || message.isFlexible(version)) {
            return 0;
        }
        int bytes = 0;
        for (FieldSpec field : struct.spec().fields()) {
            if (field.isInline(version)) {
                int fieldBytes = field.nullableVersions().contains(version) ? 0 : fixedBytes(field.type());
                if (fieldBytes == 0) {
                    return 0;
                }
                bytes += fieldBytes;
            }
        }
        return bytes;
    }

    /** The least number of bytes that an element takes: what makes the count of an array plausible. Never 0. */
    private int bytesMin(FieldType type, boolean compact) {
        if (type instanceof Primitive primitive) {
            if (primitive.widthBytes() > 0) {
                return primitive.widthBytes();
            }
            return compact ? 1 : primitive == Primitive.STRING ? 2 : 4;
        }
        if (type instanceof FieldType.Array) {
            return compact ? 1 : 4;
        }
        int bytes = message.isFlexible(version) ? 1 : 0;
        if (type instanceof FieldType.Struct struct) {
            for (FieldSpec field : struct.spec().fields()) {
                if (field.isInline(version)) {
                    boolean nullableStruct = field.type() instanceof FieldType.Struct
                            && field.nullableVersions().contains(version);
                    bytes += nullableStruct
                            ? 1
                            : bytesMin(field.type(), field.flexibleVersions().contains(version));
                }
            }
        }
        return Math.max(1, bytes);
    }

    /** Appends an instruction, after the skip that waits before it, and gives its place. */
    private int emit(String path, int... instruction) {
        flushSkip();
        int place = size;
        append(path, instruction);
        return place;
    }

    private void flushSkip() {
        if (pendingSkip > 0) {
            int bytes = pendingSkip;
            pendingSkip = 0;
            append(skipPath, Op.SKIP, bytes);
        }
    }

    /** Lets the instruction whose exit is at a place leave to what comes next. */
    private void patch(int exit) {
        flushSkip();
        code[exit] = size;
    }

    private void append(String path, int... ints) {
        if (size + ints.length > code.length) {
            code = Arrays.copyOf(code, 2 * code.length);
        }
        for (int i : ints) {
            code[size++] = i;
            paths.add(path);
        }
    }
}
