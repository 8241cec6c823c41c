package dev.weir.testkit.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Tokens: made, looked up, renewed, revoked, and ended by the clock. */
final class FakeTokens {
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();

    /** Lifetime is that of each lease, zero for ever; after the end no renewal helps. */
    private record Token(Duration lifetime, Instant until, Instant end, boolean renewable) {
        boolean isAlive() {
            return lifetime.isZero() || Instant.now().isBefore(until);
        }
    }

    String create(Duration lifetime, Duration longest, boolean renewable) {
        String token = "hvs.FAKE" + number.incrementAndGet() + "-" + Long.toHexString(System.nanoTime());
        put(token, lifetime, longest, renewable);
        return token;
    }

    void put(String token, Duration lifetime, Duration longest, boolean renewable) {
        Instant now = Instant.now();
        tokens.put(token, new Token(lifetime, now.plus(lifetime), now.plus(longest), renewable));
    }

    boolean knows(String token) {
        Token known = tokens.get(token);
        return known != null && known.isAlive();
    }

    /** Seconds that are left; 0 for ever. */
    long left(String token) {
        Token known = tokens.get(token);
        return known == null || known.lifetime().isZero()
                ? 0
                : Math.max(1, Duration.between(Instant.now(), known.until()).toSeconds());
    }

    boolean isRenewable(String token) {
        Token known = tokens.get(token);
        return known != null && known.renewable();
    }

    /** As long as a lease, but not beyond its end. */
    void renew(String token) {
        tokens.computeIfPresent(token, (name, known) -> {
            Instant wanted = Instant.now().plus(known.lifetime());
            Instant until = wanted.isBefore(known.end()) ? wanted : known.end();
            return new Token(known.lifetime(), until, known.end(), known.renewable());
        });
    }

    void revokeAll() {
        tokens.clear();
    }
}
