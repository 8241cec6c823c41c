package dev.weir.topology.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/**
 * What a browser does, each step by hand: it keeps cookies, shows them to the API alone, and goes where it is sent when it
 * is told to.
 */
final class HandBrowser {
    /** Without HTTP/2: many requests at once would each try to upgrade, and share what one of them got. */
    private static final HttpClient CLIENT = client().build();

    final Map<String, String> cookies = new HashMap<>();
    private final GatedApi api;
    private final TestIdp idp;
    private final HttpClient client;

    HandBrowser(GatedApi api, TestIdp idp) {
        this(api, idp, CLIENT);
    }

    private HandBrowser(GatedApi api, TestIdp idp, HttpClient client) {
        this.api = api;
        this.idp = idp;
        this.client = client;
    }

    /** One that trusts the provider's certificate. */
    static HandBrowser trusting(SSLContext authorities, GatedApi api, TestIdp idp) {
        return new HandBrowser(api, idp, client().sslContext(authorities).build());
    }

    private static HttpClient.Builder client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
    }

    private HttpRequest request(String method, URI to, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(to).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!cookies.isEmpty() && to.getPort() == api.address("/").getPort()) {
            List<String> pairs = new ArrayList<>();
            cookies.forEach((name, value) -> pairs.add(name + "=" + value));
            request.header("Cookie", String.join("; ", pairs));
        }
        return request.build();
    }

    private HttpResponse<String> go(String method, URI to, String... headers) throws Exception {
        HttpResponse<String> response = client.send(request(method, to, headers), BodyHandlers.ofString());
        for (String cookie : response.headers().allValues("Set-Cookie")) {
            String pair = cookie.substring(0, cookie.indexOf(';'));
            int equals = pair.indexOf('=');
            if (cookie.contains("Max-Age=0")) {
                cookies.remove(pair.substring(0, equals));
            } else {
                cookies.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return response;
    }

    HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        return go(method, api.address(path), headers);
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    HttpResponse<String> page(String path) throws Exception {
        return get(path, "Accept", "text/html");
    }

    /** Asks, and does not wait. */
    CompletableFuture<HttpResponse<String>> begin(String path) {
        return client.sendAsync(request("GET", api.address(path)), BodyHandlers.ofString());
    }

    static URI location(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(302);
        return URI.create(response.headers().firstValue("Location").orElseThrow());
    }

    /** To the provider and back: the path and query that it sends to. */
    String callback(String to) throws Exception {
        URI atProvider = location(get("/login?to=" + OidcGate.encoded(to)));
        assertThat(atProvider.toString())
                .startsWith(idp.issuer().toString())
                .contains("code_challenge_method=S256", "response_type=code", "nonce=", "state=");
        String back = location(go("GET", atProvider)).toString();
        assertThat(back).startsWith(api.url() + OidcGate.CALLBACK);
        return back.substring(api.url().toString().length());
    }

    HttpResponse<String> logIn(String name, String... groups) throws Exception {
        idp.next(name, List.of(groups), Map.of());
        return get(callback("/?view=lag"));
    }
}
