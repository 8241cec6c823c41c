package dev.weir.schema.protobuf;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled message: its fields by number. Filled after it was made, because it may hold itself. */
final class MessageNode {
    private static final int DIRECT_MAX = 256;

    private final String fullName;
    /** By number, for the small ones, which are the usual ones. */
    private FieldNode[] direct = {};
    /** The numbers of the others, sorted, and their fields. */
    private int[] numbers = {};

    private FieldNode[] fields = {};
    private List<FieldNode> required = List.of();
    private long requiredBits;
    /** Pairs, from and to (not in it), of numbers that others may define. */
    private int[] extensions = {};

    MessageNode(String fullName) {
        this.fullName = fullName;
    }

    String fullName() {
        return fullName;
    }

    /**
     * Gives it what it holds.
     *
     * @param fieldNumbers sorted
     * @param fieldNodes in the same order
     */
    void fill(int[] fieldNumbers, FieldNode[] fieldNodes, int[] extensionRanges) {
        int small = 0;
        while (small < fieldNumbers.length && fieldNumbers[small] < DIRECT_MAX) {
            small++;
        }
        direct = new FieldNode[small == 0 ? 0 : fieldNumbers[small - 1] + 1];
        for (int i = 0; i < small; i++) {
            direct[fieldNumbers[i]] = fieldNodes[i];
        }
        numbers = Arrays.copyOfRange(fieldNumbers, small, fieldNumbers.length);
        fields = Arrays.copyOfRange(fieldNodes, small, fieldNodes.length);
        extensions = extensionRanges;
        required =
                Arrays.stream(fieldNodes).filter(field -> field.required() != 0).toList();
        for (FieldNode field : required) {
            requiredBits |= field.required();
        }
    }

    @Nullable
    FieldNode field(int number) {
        if (number < direct.length) {
            return direct[number];
        }
        int index = Arrays.binarySearch(numbers, number);
        return index < 0 ? null : fields[index];
    }

    /** One bit for each field that has to be there. */
    long requiredBits() {
        return requiredBits;
    }

    /** The first of the fields that some bits stand for. */
    FieldNode missing(long bits) {
        return required.stream()
                .filter(field -> (field.required() & bits) != 0)
                .findFirst()
                .orElseThrow();
    }

    /** Whether a number is set aside for fields that other schemas define. */
    boolean isExtension(int number) {
        for (int i = 0; i < extensions.length; i += 2) {
            if (number >= extensions[i] && number < extensions[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
