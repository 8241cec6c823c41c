package dev.weir.topology.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.weir.topology.layout.GraphLayout;
import dev.weir.topology.layout.Layouts;
import dev.weir.topology.view.AuditPage;
import dev.weir.topology.view.AuditQuery;
import dev.weir.topology.view.CanaryDesk;
import dev.weir.topology.view.CanaryView;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.ServiceView;
import dev.weir.topology.view.TopicView;
import dev.weir.topology.view.Topology;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Which path shows what, below {@code /api/v1/}. Everything here runs on a worker. */
final class Pages {
    private static final int NAME_LENGTH_MAX = 1_000;

    private final MeshView view;
    private final CanaryDesk canaries;
    private final Layouts layouts = new Layouts();
    private final Map<String, Function<Query, Object>> fixed;
    private final Map<String, BiFunction<String, Query, Object>> named;

    Pages(MeshView view, CanaryDesk canaries) {
        this.view = view;
        this.canaries = canaries;
        this.fixed = Map.of(
                "schemas", query -> view.schemas(query.moment()),
                "topology", this::topology,
                "lag", query -> new Groups(view.groups(query.moment())),
                "security", query -> view.security(query.moment()),
                "slos", query -> Map.of("slos", view.slos(query.moment())),
                "canaries", query -> Map.of("canaries", canaries.canaries()),
                "proxies", query -> Map.of("proxies", view.proxies()),
                "status", query -> view.freshness());
        this.named = Map.of(
                "services", this::service, "topics", this::topics, "groups", this::groups, "canaries", this::canary);
    }

    /** What makes the answer to this path, if it is one: {@code topology} or {@code services/checkout}. */
    Optional<Function<Query, Object>> find(String path) {
        Function<Query, Object> page = fixed.get(path);
        if (page != null) {
            return Optional.of(page);
        }
        int slash = path.indexOf('/');
        BiFunction<String, Query, Object> withName = slash < 0 ? null : named.get(path.substring(0, slash));
        if (withName == null || slash == path.length() - 1) {
            return Optional.empty();
        }
        String name = decoded(path.substring(slash + 1));
        return Optional.of(query -> withName.apply(name, query));
    }

    /** The audit is asked of Kafka each time, and not kept. */
    AuditPage audit(Map<String, String> parameters) {
        AuditQuery query = AuditParameters.of(parameters, System.currentTimeMillis());
        try {
            return view.audit(query);
        } catch (IllegalArgumentException e) {
            throw AuditParameters.badAfter(query.after());
        } catch (IllegalStateException e) {
            throw new Problem.Raised(Problem.of(503, "Audit not available", String.valueOf(e.getMessage())));
        }
    }

    private Drawn topology(Query query) {
        Topology topology = view.topology(query.moment());
        return new Drawn(topology, layouts.place(topology, query.shape(), query.boxes()));
    }

    private ServiceView service(String name, Query query) {
        return view.service(name, query.moment()).orElseThrow(() -> missing("service", name));
    }

    private Map<String, List<TopicView>> topics(String name, Query query) {
        List<TopicView> topics = view.topics(name, query.moment());
        if (topics.isEmpty()) {
            throw missing("topic", name);
        }
        return Map.of("topics", topics);
    }

    private Groups groups(String name, Query query) {
        List<GroupLag> groups = view.groups(query.moment()).stream()
                .filter(group -> group.group().equals(name))
                .toList();
        if (groups.isEmpty()) {
            throw missing("group", name);
        }
        return new Groups(groups);
    }

    private CanaryView canary(String name, Query query) {
        return canaries.canaries().stream()
                .filter(canary -> canary.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Problem.Raised(Problem.notFound("canary", name, "a canary of policy")));
    }

    private static Problem.Raised missing(String what, String name) {
        return new Problem.Raised(Problem.notFound(what, name, "a " + what + " that was seen in the last 24 hours"));
    }

    /** Names may hold anything, a slash too. */
    static String decoded(String name) {
        if (name.length() > NAME_LENGTH_MAX) {
            throw new Problem.Raised(Problem.badParameter("path", name, "a name of at most 1000 characters"));
        }
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Problem.Raised(Problem.badParameter("path", name, "percent-encoded UTF-8 (RFC 3986)"));
        }
    }

    private record Groups(List<GroupLag> groups) {}

    /** A topology and where its nodes stand. */
    private record Drawn(@JsonUnwrapped Topology topology, GraphLayout layout) {}
}
