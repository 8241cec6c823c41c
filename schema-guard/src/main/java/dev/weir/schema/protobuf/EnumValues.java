package dev.weir.schema.protobuf;

import java.util.Arrays;

/**
 * The numbers of a closed enum.
 *
 * @param sorted each once
 */
@SuppressWarnings("ArrayRecordComponent") // compared with nothing
record EnumValues(int... sorted) {

    /** As parsers do, of the lower 32 bits. */
    boolean has(long number) {
        return Arrays.binarySearch(sorted, (int) number) >= 0;
    }
}
