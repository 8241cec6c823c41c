package dev.weir.topology.login;

import io.vertx.core.http.Cookie;
import java.util.List;
import java.util.Optional;

/** What becomes of a request. */
public sealed interface Verdict {
    /**
     * It is served.
     *
     * @param visitor who asks; empty where nobody had to say
     */
    record Pass(Optional<Visitor> visitor) implements Verdict {}

    /**
     * It is not.
     *
     * @param detail for people
     * @param page whether a person reads it, who gets a page
     * @param turned who was turned away; empty where that is nothing to remember
     */
    record Refuse(int status, String title, String detail, boolean page, List<Cookie> cookies, Optional<Turned> turned)
            implements Verdict {}

    /** The browser is sent elsewhere. */
    record Go(String location, List<Cookie> cookies) implements Verdict {}

    /** There is nothing to serve, but something to say, on a page. */
    record Say(String title, String detail) implements Verdict {}

    /** The log-out is done; the page goes to {@code location} by itself. */
    record LoggedOut(String location, List<Cookie> cookies) implements Verdict {}
}
