package dev.weir.proxy.report;

import dev.weir.proxy.wire.Field;
import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Told what a walk through one message after the other finds. Event loop of the connection. Whatever goes wrong in it
 * ends the reports about that message, and nothing else.
 */
public abstract class Tap {
    private static final Logger LOG = LoggerFactory.getLogger(Tap.class);

    private boolean open;

    /** Begins a message. */
    final void open() {
        open = true;
    }

    public final void topic(String name) {
        if (open) {
            try {
                onTopic(name);
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    public final void topic(Uuid id) {
        if (open) {
            try {
                onTopic(id);
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    public final void number(Field field, long value) {
        if (open) {
            try {
                onNumber(field, value);
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    public final void recordsBegin(int lengthBytes) {
        if (open) {
            try {
                onRecordsBegin(lengthBytes);
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    public final void recordsChunk(ByteBuf chunk, int index, int lengthBytes) {
        if (open) {
            try {
                onRecordsChunk(chunk, index, lengthBytes);
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    /** The message is at its end, or nothing more of it can be read. */
    public final void end() {
        if (open) {
            open = false;
            try {
                onEnd();
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    private void failed(RuntimeException e) {
        open = false;
        LOG.atWarn().setCause(e).log("a message could not be reported; it passes");
    }

    abstract void onTopic(String name);

    abstract void onTopic(Uuid id);

    abstract void onNumber(Field field, long value);

    void onRecordsBegin(int lengthBytes) {}

    void onRecordsChunk(ByteBuf chunk, int index, int lengthBytes) {}

    void onEnd() {}
}
