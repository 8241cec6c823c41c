package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;

/**
 * Told what a {@link Walker} finds, in the order of the bytes. During a call {@link Walker#fieldStart()} and
 * {@link Walker#position()} say where the reported bytes, length prefix included, begin and end in the body. What it
 * throws ends the walk.
 */
public interface FieldVisitor {

    /** An integer of any width, or a bool as 0 or 1. */
    default void number(Field field, long value) {}

    /**
     * A string that is not null.
     *
     * @param utf8 holds it from index 0 on, during the call only
     */
    default void string(Field field, byte[] utf8, int lengthBytes) {}

    default void nullString(Field field) {}

    default void uuid(Field field, long mostSignificantBits, long leastSignificantBits) {}

    /**
     * Bytes or record batches; they follow in any number of {@link #bytesChunk} calls.
     *
     * @param lengthBytes -1 when null
     */
    default void bytesBegin(Field field, int lengthBytes) {}

    /** A part of the bytes: readable in the chunk being walked, at an absolute index, during the call only. */
    default void bytesChunk(Field field, ByteBuf chunk, int index, int lengthBytes) {}

    default void bytesEnd(Field field) {}

    /**
     * An array, before its elements.
     *
     * @param count -1 when null
     */
    default void array(Field field, int count) {}

    default void structBegin(Field field) {}

    default void structEnd(Field field) {}

    /**
     * A tagged field (KIP-482) whose number has just been read: one byte, the last before {@link Walker#position()}.
     * Its size may come in a later chunk.
     */
    default void taggedFieldBegin(Field field) {}

    /**
     * The size of the tagged field just begun, read from {@link Walker#fieldStart()} on; its contents go from
     * {@link Walker#position()} on.
     */
    default void taggedFieldSize(Field field, int sizeBytes) {}

    default void taggedFieldEnd(Field field) {}
}
