package dev.weir.proxy.upstream;

/**
 * An access token. {@link #toString} never shows it.
 *
 * @param value as it goes over the wire
 * @param startMillis when it was given, in epoch milliseconds
 * @param endsAtMillis when it ends, in epoch milliseconds
 */
record AccessToken(String value, long startMillis, long endsAtMillis) {
    @Override
    public String toString() {
        return "AccessToken[endsAtMillis=" + endsAtMillis + "]";
    }
}
