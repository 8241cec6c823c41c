package dev.weir.schema.registry;

import java.net.URI;

/**
 * One registry, and how much of it may be asked.
 *
 * @param name as policy calls it
 * @param url of its Confluent-compatible API; global ids are asked of Apicurio's own API beside it
 * @param timeoutMillis how long one answer may take, to its last byte
 * @param answerBytesMax the longest answer that is read
 * @param callsMax questions on their way at once
 * @param waitingMax questions that wait for those
 * @param schemaBytesMax what kept schemas may take together, about; what is kept of subjects may take an eighth of it
 * @param negativeMillis how long it is believed that something is not there
 */
public record RegistrySettings(
        String name,
        URI url,
        int timeoutMillis,
        int answerBytesMax,
        int callsMax,
        int waitingMax,
        long schemaBytesMax,
        int negativeMillis) {
    public static final int TIMEOUT_DEFAULT_MILLIS = 3_000;
    private static final long SCHEMA_BYTES_MAX = 64L << 20;

    /** With the usual bounds. */
    public static RegistrySettings of(String name, URI url, int timeoutMillis) {
        return new RegistrySettings(name, url, timeoutMillis, 1 << 20, 8, 1_000, SCHEMA_BYTES_MAX, 10_000);
    }
}
