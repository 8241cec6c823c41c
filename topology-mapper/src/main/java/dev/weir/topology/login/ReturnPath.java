package dev.weir.topology.login;

import java.net.URI;
import java.net.URISyntaxException;

/** Where somebody goes back to after a log-in: a place of this server, and never another. */
final class ReturnPath {
    private static final String START = "/";
    private static final int LENGTH_MAX = 1_500;

    private ReturnPath() {}

    /** The path and query that was asked for, or the start page for what is not one of this server. */
    static String of(String wanted) {
        if (wanted.length() > LENGTH_MAX
                || !wanted.startsWith("/")
                || wanted.startsWith("//")
                || wanted.indexOf('\\') >= 0
                || wanted.chars().anyMatch(letter -> letter <= ' ' || letter >= 0x7f)) {
            return START;
        }
        try {
            URI uri = new URI(wanted);
            boolean here = !uri.isAbsolute() && uri.getRawAuthority() == null && uri.getRawPath() != null;
            return here
                            && !uri.getRawPath().startsWith("/login")
                            && !uri.getRawPath().startsWith("//")
                    ? wanted
                    : START;
        } catch (URISyntaxException e) {
            return START;
        }
    }
}
