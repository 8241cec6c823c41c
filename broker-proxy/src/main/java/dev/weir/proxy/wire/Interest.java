package dev.weir.proxy.wire;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** The fields that a walk is to report; a program steps over all others as fast as it can. */
public final class Interest {

    /** Reports nothing: the walk only proves that the bytes have the shape that the spec demands. */
    public static final Interest SHAPE_ONLY = new Interest(EnumSet.noneOf(Field.class));

    private final EnumSet<Field> fields;

    private Interest(EnumSet<Field> fields) {
        this.fields = fields;
    }

    public static Interest in(Field... fields) {
        EnumSet<Field> set = EnumSet.noneOf(Field.class);
        set.addAll(Arrays.asList(fields));
        return new Interest(set);
    }

    public static Interest in(Set<Field> fields) {
        EnumSet<Field> set = EnumSet.noneOf(Field.class);
        set.addAll(fields);
        return new Interest(set);
    }

    public boolean contains(Field field) {
        return fields.contains(field);
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
