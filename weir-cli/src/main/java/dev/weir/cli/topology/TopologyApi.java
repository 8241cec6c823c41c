package dev.weir.cli.topology;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.status.HttpGet;
import dev.weir.cli.status.HttpPost;
import dev.weir.mesh.log.FailureWords;
import dev.weir.topology.view.AuditPage;
import dev.weir.topology.view.CanaryView;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SchemaCoverage;
import dev.weir.topology.view.SecurityView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.Topology;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the topology of a running mesh. Each question is one request, which blocks. */
public final class TopologyApi {
    private final String url;
    private final Optional<Path> tokenFile;

    /**
     * @param url without a slash at its end
     * @param tokenFile a bearer token, read for each question: whoever renews it writes it there
     */
    public TopologyApi(String url, Optional<Path> tokenFile) {
        this.url = url;
        this.tokenFile = tokenFile;
    }

    public String url() {
        return url;
    }

    /** The graph as JSON, as the mesh gives it. */
    JsonNode topologyTree(Duration window) {
        return tree("/topology?window=" + window.toSeconds() + "s");
    }

    public Topology topology(Duration window) {
        return read(topologyTree(window), Topology.class);
    }

    Topology topology(JsonNode tree) {
        return read(tree, Topology.class);
    }

    JsonNode lagTree() {
        return tree("/lag");
    }

    List<GroupLag> groups(JsonNode lag) {
        return list(lag, "groups", GroupLag.class);
    }

    JsonNode slosTree() {
        return tree("/slos");
    }

    List<SloView> slos(JsonNode slos) {
        return list(slos, "slos", SloView.class);
    }

    /** Which topics are guarded by a schema, as JSON. */
    public JsonNode schemasTree(Duration window) {
        return tree("/schemas?window=" + window.toSeconds() + "s");
    }

    public SchemaCoverage schemas(JsonNode tree) {
        return read(tree, SchemaCoverage.class);
    }

    /** All canaries, as JSON. */
    public JsonNode canariesTree() {
        return tree("/canaries");
    }

    public List<CanaryView> canaries(JsonNode tree) {
        return list(tree, "canaries", CanaryView.class);
    }

    /**
     * Says something to a canary.
     *
     * @param action as in the path
     * @param json what is said besides
     */
    public HttpPost.Response tellCanary(String canary, String action, String json) {
        String name = URLEncoder.encode(canary, StandardCharsets.UTF_8).replace("+", "%20");
        return HttpPost.json(url + "/api/v1/canaries/" + name + "/" + action, tokenFile.map(TopologyApi::token), json);
    }

    public List<ProxyView> proxies() {
        return list(tree("/proxies"), "proxies", ProxyView.class);
    }

    public SecurityView security() {
        return read(tree("/security"), SecurityView.class);
    }

    /** A page of the audit; {@code query} begins with a question mark. */
    public JsonNode audit(String query) {
        return tree("/audit" + query);
    }

    public AuditPage audit(JsonNode page) {
        return read(page, AuditPage.class);
    }

    public Freshness status() {
        return read(tree("/status"), Freshness.class);
    }

    private JsonNode tree(String path) {
        String address = url + "/api/v1" + path;
        return ViewJson.tree(HttpGet.text(address, tokenFile.map(TopologyApi::token)), address);
    }

    private static String token(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (!token.isEmpty() && token.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
                return token;
            }
        } catch (IOException e) {
            throw new CommandFailure("the token file " + file + " cannot be read: " + FailureWords.ofFile(e), e);
        }
        throw new CommandFailure("the token file " + file + " holds no bearer token; expected one line with it");
    }

    private <T> T read(JsonNode tree, Class<T> type) {
        return ViewJson.read(tree, type, url);
    }

    private <T> List<T> list(JsonNode tree, String key, Class<T> type) {
        List<T> list = new ArrayList<>();
        tree.path(key).forEach(element -> list.add(read(element, type)));
        return list;
    }
}
