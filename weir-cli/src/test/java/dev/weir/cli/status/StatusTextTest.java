package dev.weir.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static String text(String json) throws JsonProcessingException {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        new StatusText(out, Instant.parse("2026-01-01T00:00:00Z"))
                .print("http://weir:9190", new ObjectMapper().readTree(json));
        out.flush();
        return text.toString();
    }

    @Test
    void certificatesSecretsAndSigningKeysSayHowTheyAreDoing() throws JsonProcessingException {
        assertThat(text("""
                        {"version": "1", "ready": true, "startedAt": "2026-01-01T00:00:00Z",
                         "policy": {"source": "folder policy", "revision": "r", "since": "x"},
                         "clusters": [{"name": "main", "brokers": [], "problems": ["ca.pem does not exist"]}],
                         "certificates": [
                           {"listener": "front", "role": "server", "subject": "CN=a", "expiresAt": "2026-01-31T00:00:00Z"},
                           {"listener": "front", "role": "client-ca", "subject": "CN=b", "expiresAt": "2026-01-01T10:00:00Z"},
                           {"cluster": "main", "role": "client", "subject": "CN=c", "expiresAt": "2026-01-01T00:20:00Z"},
                           {"cluster": "main", "role": "trust", "subject": "CN=d", "expiresAt": "2025-12-31T00:00:00Z"},
                           {"cluster": "main", "role": "trust", "subject": "CN=e", "expiresAt": "2026-01-01T00:00:42Z"}],
                         "secrets": {"source": "https://vault", "logIn": "appRole", "logInUntil": "2026-01-01T01:30:00Z",
                           "items": [{"name": "kv/data/a", "fetchedAt": "2026-01-01T00:00:00Z", "next": "2026-01-01T00:05:00Z",
                             "failures": 2, "lastError": "Vault does not answer"}]},
                         "signing": {"signs": true, "problems": ["signing.pem does not exist"]},
                         "recentErrors": []}
                        """))
                .contains(
                        "  problem: ca.pem does not exist",
                        "  listener front, server: CN=a, ends at 2026-01-31T00:00:00Z, in 30 d",
                        "  listener front, client-ca: CN=b, ends at 2026-01-01T10:00:00Z, in 10 h",
                        "  cluster main, client: CN=c, ends at 2026-01-01T00:20:00Z, in 20 min",
                        "  cluster main, trust: CN=d, HAS ENDED at 2025-12-31T00:00:00Z",
                        "  cluster main, trust: CN=e, ends at 2026-01-01T00:00:42Z, in 42 s",
                        "secrets from https://vault, log-in by appRole, which ends at 2026-01-01T01:30:00Z, in 90 min",
                        "  kv/data/a: had at 2026-01-01T00:00:00Z, asked for again at 2026-01-01T00:05:00Z",
                        "    failed 2 times: Vault does not answer",
                        "records are signed and verified where policy says so",
                        "  problem: signing.pem does not exist");
    }

    @Test
    void aMirrorSaysWhatBecameOfItsRecords() throws JsonProcessingException {
        assertThat(text("""
                        {"version": "1", "mirrors": [
                          {"name": "orders-to-staging", "to": "mirror.{topic} in staging",
                           "eligible": {"records": 10, "bytes": 1000}, "mirrored": {"records": 4, "bytes": 400},
                           "dropped": {"records": 3, "bytes": 300}, "failed": {"records": 2, "bytes": 200},
                           "inFlight": {"records": 1, "bytes": 100}, "refused": {"records": 7, "bytes": 70},
                           "delayMillis": 12, "lastErrorAt": "2026-01-01T00:00:00Z", "lastError": "no such topic"},
                          {"name": "old", "untold": true}]}
                        """))
                .contains(
                        "mirror orders-to-staging to mirror.{topic} in staging",
                        "  records: 10 eligible = 4 mirrored + 3 dropped + 2 failed + 1 in flight; 7 of transactions refused",
                        "  2026-01-01T00:00:00Z: no such topic",
                        "mirror old, which policy has no more",
                        "  of so many topics that the map cannot show all, and that no topic of the cluster is searched"
                                + " for records that came around Weir");
    }

    @Test
    void aFaultOnPurposeCannotBeOverlooked() throws JsonProcessingException {
        assertThat(text("""
                        {"version": "1", "faults": [
                          {"name": "slow", "what": "delay of 200 ms for 5% of the requests of payments", "mode": "enforce",
                           "at": "faults.yaml:3", "injected": 12, "dryRun": 0, "spared": 1},
                          {"name": "tried", "what": "disconnect for 100% of the requests of payments", "mode": "dry-run",
                           "at": "faults.yaml:9", "injected": 0, "dryRun": 4, "spared": 0},
                          {"name": "old", "injected": 7, "dryRun": 0, "spared": 0}]}
                        """))
                .contains(
                        "FAULT ON PURPOSE slow: delay of 200 ms for 5% of the requests of payments (faults.yaml:3)",
                        "  requests: 12 hit, 0 would have been, 1 spared",
                        "fault in dry-run tried: disconnect for 100% of the requests of payments (faults.yaml:9)",
                        "fault old, which policy has no more");
    }

    @Test
    void aQuotaSaysWhatWasUsedOfIt() throws JsonProcessingException {
        assertThat(text("""
                        {"version": "1", "quotas": [
                          {"name": "q", "service": "payments", "mode": "enforce", "at": "q.yaml:3",
                           "produceBytes": {"perSecond": 1000, "used": 5000}, "requests": {"perSecond": 10, "used": 7},
                           "throttled": 3, "throttledMillis": 900, "dryRun": 0},
                          {"name": "d", "service": "payments", "mode": "dry-run", "at": "q.yaml:9",
                           "fetchBytes": {"perSecond": 1, "used": 2}, "throttled": 0, "throttledMillis": 0, "dryRun": 4}]}
                        """))
                .contains(
                        "quota q of payments (q.yaml:3): produceBytes 1000 a second, 5000 so far; requests 10 a second, 7 so far",
                        "  requests: 3 throttled, for 900 ms in all; 0 would have been",
                        "quota d of payments in dry-run (q.yaml:9): fetchBytes 1 a second, 2 so far",
                        "  requests: 0 throttled, for 0 ms in all; 4 would have been");
    }

    @Test
    void aCanarySaysWhatItWaitsFor() throws JsonProcessingException {
        assertThat(text("""
                        {"version": "1", "recentErrors": [], "canaries": [
                          {"name": "payments-v2", "group": "payments", "state": "draining", "weight": "0%", "epoch": 4,
                           "changingTo": "10%", "waitingFor": ["proxy/1"], "problem": "no such topic",
                           "left": [{"topic": "orders", "partition": 2, "side": "canary", "fence": 90, "recordsMax": 7}]}]}
                        """))
                .contains(
                        "canary payments-v2: draining, weight 0%, epoch 4, changes to 10%",
                        "  a change waits for proxy proxy/1",
                        "  orders-2: canary has at most 7 records left before 90",
                        "  problem: no such topic");
    }

    @Test
    void whatThereIsNotIsNotMentioned() throws JsonProcessingException {
        assertThat(text("{\"version\": \"1\", \"recentErrors\": []}"))
                .doesNotContain("certificates", "secrets", "signed", "canary");
    }
}
