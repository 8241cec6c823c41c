package dev.weir.mesh.log;

/** Numbers of things, in words. */
public final class Counted {
    private Counted() {}

    /** {@code 1 byte}, {@code 2 bytes}: of what has its plural in s. */
    public static String of(long count, String one) {
        return of(count, one, one + "s");
    }

    /** Of what has another plural. */
    public static String of(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
