package dev.weir.canary;

/** What of a record may decide whose it is, as a view of bytes that lie somewhere. */
public interface RecordFields {
    /** What holds the key; once a header was found, what holds its value. It may be one and the same. */
    byte[] bytes();

    /** Where in {@link #bytes} the key begins. */
    int keyOffset();

    /** How long the key is; -1 for none. */
    int keyBytes();

    /**
     * Looks for the last header of a name.
     *
     * @param name in UTF-8, compared byte by byte
     * @return whether there is one, and it has a value
     */
    boolean findHeader(byte[] name);

    /** Where in {@link #bytes} the value of the header begins that was found last. */
    int headerOffset();

    /** How long that value is. */
    int headerBytes();
}
