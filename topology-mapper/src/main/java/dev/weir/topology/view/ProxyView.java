package dev.weir.topology.view;

import java.util.List;

/** One proxy as it reported last. */
public record ProxyView(
        String proxy,
        String weirVersion,
        State state,
        String policyRevision,
        String policyState,
        String policyProblem,
        long policySinceMillis,
        int connections,
        long reportsDropped,
        List<Listener> listeners,
        long startedMillis,
        long lastSeenMillis) {

    public ProxyView {
        listeners = List.copyOf(listeners);
    }

    public enum State {
        LIVE,
        STOPPED,
        /** It was there and does not report any more. */
        SILENT
    }

    /**
     * One front door of a proxy.
     *
     * @param certificateNotBeforeMillis when its certificate began; 0 without one, or where that is not known
     * @param certificateNotAfterMillis when it ends; 0 without one
     */
    public record Listener(
            String name,
            String cluster,
            String bootstrap,
            boolean tls,
            boolean sasl,
            boolean clientCertificates,
            long certificateNotBeforeMillis,
            long certificateNotAfterMillis) {}
}
