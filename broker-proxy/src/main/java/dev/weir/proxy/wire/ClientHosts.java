package dev.weir.proxy.wire;

import dev.weir.proxy.wire.spec.MessageSpecs;

/**
 * Which responses tell from where the members of a group are connected ({@code ClientHost}): to the broker that is
 * Weir, so they have to be decoded and changed. Safe for all threads.
 */
public final class ClientHosts {

    private final Programs programs;

    public ClientHosts(MessageSpecs specs) {
        this.programs = new Programs(specs, Interest.in(Field.CLIENT_HOST));
    }

    /** Whether a response of the kind can carry some. */
    public boolean areIn(short apiKey, short version) {
        Program program = programs.response(apiKey, version);
        return program != null && program.reports();
    }
}
