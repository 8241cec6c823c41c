package dev.weir.policy.source;

import java.time.Duration;

/**
 * Where policy comes from: a folder, or Git. Used by one thread, the policy store's; only {@link #close()} may come
 * from another.
 */
public interface PolicySource extends AutoCloseable {

    /** For people, without credentials: {@code folder /etc/weir/policy}. */
    String description();

    /**
     * Reads everything, as it is now. May block on disk or network, for as long as the source's own timeout says.
     *
     * @throws SourceException if there is no whole policy to be had; what is in force stays in force
     */
    PolicyFiles read() throws SourceException;

    /** Returns when something may have changed, or when it is time to look anyway, or after {@code max}. */
    void awaitChange(Duration max) throws InterruptedException;

    @Override
    void close();
}
