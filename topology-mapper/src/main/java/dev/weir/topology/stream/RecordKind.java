package dev.weir.topology.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a record of {@link StateTopic} is about: the first byte of its key. */
public enum RecordKind {
    /** An edge and five minutes of it, in slots of ten seconds. */
    EDGE('e'),
    /** An hour of an edge, in slots of a minute. */
    EDGE_HOUR('h'),
    CLIENT('c'),
    MEMBERSHIP('m'),
    AUDIT('a'),
    PROXY('p'),
    /** Where mirrors of one run of a proxy write to: the proxy's next run says nothing of it. */
    MIRROR_RUN('M'),
    /** A topic-partition and all groups that read it. */
    PARTITION('P'),
    LAG_HISTORY('L'),
    SLO('S'),
    COVERAGE('C');

    private static final @Nullable RecordKind[] BY_CODE = new @Nullable RecordKind[128];

    static {
        Arrays.stream(values()).forEach(kind -> BY_CODE[kind.code] = kind);
    }

    private final byte code;

    RecordKind(char code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    /** The kind of a key; null where it is none that this version knows. */
    static @Nullable RecordKind of(byte[] key) {
        return key.length == 0 || key[0] < 0 ? null : BY_CODE[key[0]];
    }
}
