package dev.weir.cli.mesh;

import dev.weir.cli.connections.ConnectionPage;
import dev.weir.cli.identity.IdentityAnswer;
import dev.weir.cli.identity.IdentityQuestion;
import dev.weir.mesh.Subject;
import dev.weir.policy.check.IdentityExplainer;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.store.PolicyStore;
import dev.weir.proxy.WeirProxy;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.connection.ConnectionStatus;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the admin endpoint answers besides its own pages: who is connected, and who somebody is to policy. On workers. */
final class AdminQuestions {
    private static final long SECONDS_MAX = 10;

    private final Supplier<@Nullable WeirProxy> proxy;
    private final List<ListenerConfig> listeners;
    private final PolicyStore policy;
    private final Clock clock;

    /**
     * Makes them.
     *
     * @param proxy gives {@code null} while the listeners are not open
     * @param listeners what it listens with
     */
    AdminQuestions(
            Supplier<@Nullable WeirProxy> proxy, List<ListenerConfig> listeners, PolicyStore policy, Clock clock) {
        this.proxy = proxy;
        this.listeners = listeners;
        this.policy = policy;
        this.clock = clock;
    }

    Map<String, Function<Map<String, List<String>>, Object>> pages() {
        return Map.of("/connections", this::connections, "/identity", this::identity);
    }

    private Object connections(Map<String, List<String>> asked) {
        int limit = ConnectionPage.limit(asked);
        long after = ConnectionPage.after(asked);
        WeirProxy running = proxy.get();
        List<ConnectionStatus> open = running == null ? List.of() : await(running.connections(after, limit));
        return ConnectionPage.of(open, after, limit);
    }

    private Object identity(Map<String, List<String>> asked) {
        CompiledSnapshot snapshot = policy.current();
        Subject who = asked.containsKey("connection") ? connected(asked) : subject(IdentityQuestion.of(asked));
        return IdentityAnswer.of(
                who,
                new IdentityExplainer(snapshot, clock.instant()).explain(who),
                snapshot.revision(),
                UnaryOperator.identity());
    }

    /** A token is read as the first listener does that it is for: each names principals and groups by claims of its own. */
    private Subject subject(IdentityQuestion question) {
        return listeners.stream()
                .flatMap(listener -> Stream.ofNullable(listener.sasl()))
                .flatMap(sasl -> Stream.ofNullable(sasl.oauthBearer()))
                .filter(tokens -> question.claim("iss").contains(tokens.issuer())
                        && !Collections.disjoint(question.claim("aud"), tokens.audiences()))
                .findFirst()
                .map(tokens -> question.subject(tokens.principalClaim(), tokens.groupsClaim()))
                .orElseGet(question::subject);
    }

    private Subject connected(Map<String, List<String>> asked) {
        List<String> ids = asked.getOrDefault("connection", List.of());
        if (asked.size() > 1 || ids.size() != 1 || !ids.get(0).matches("\\d{1,18}")) {
            throw new IllegalArgumentException("connection is one number, and nothing goes with it");
        }
        WeirProxy running = proxy.get();
        return Optional.ofNullable(running)
                .flatMap(open -> await(open.connection(Long.parseLong(ids.get(0)))))
                .map(ConnectionStatus::subject)
                .orElseThrow(() -> new IllegalArgumentException("no connection " + ids.get(0) + " is open"));
    }

    private static <T> T await(Future<T> asked) {
        try {
            return asked.toCompletionStage().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the event loops do not answer", e);
        }
    }
}
