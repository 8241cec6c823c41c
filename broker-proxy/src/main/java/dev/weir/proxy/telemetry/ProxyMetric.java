package dev.weir.proxy.telemetry;

/**
 * Every metric of the proxy: OpenTelemetry name, unit (UCUM) and meaning. Prometheus shows {@code weir.traffic} as
 * {@code weir_traffic_bytes_total}. Attributes never hold what a client chooses: listeners and clusters come from the
 * configuration, services from policy, the rest from closed sets.
 */
public enum ProxyMetric {
    /** By {@code listener}. */
    CONNECTIONS_OPEN("weir.connections.open", "{connection}", "Client connections that are open now"),
    /** By {@code listener}. */
    CONNECTIONS_ACCEPTED("weir.connections.accepted", "{connection}", "Client connections accepted since start"),
    /** By {@code listener} and {@code reason}, a {@link RefusalReason}. */
    CONNECTIONS_REFUSED(
            "weir.connections.refused", "{connection}", "Client connections closed before their first request"),
    /** By {@code listener}, {@code mechanism} and {@code outcome}: {@code accepted} or {@code rejected}. */
    LOGINS("weir.logins", "{login}", "SASL log-ins of clients, further ones on the same connection included"),
    /** By {@code listener} and {@code reason}, a {@link SessionEnd}. */
    SESSIONS_ENDED("weir.sessions.ended", "{session}", "Sessions of clients that Weir ended after they had logged in"),
    /** By {@code listener} and {@code outcome}: {@code ok} or {@code failed}. */
    KEY_FETCHES("weir.jwks.fetches", "{fetch}", "Attempts to fetch the keys that sign tokens"),
    /** By {@code listener} and {@code api}, the name of a Kafka API. */
    REQUESTS("weir.requests", "{request}", "Requests read from clients"),
    /** By {@code listener}. */
    REQUESTS_IN_FLIGHT("weir.requests.in_flight", "{request}", "Requests that wait for their response"),
    /** By {@code listener} and {@code direction}: {@code up} to brokers, {@code down} to clients. */
    TRAFFIC("weir.traffic", "By", "Bytes passed on, frame lengths included"),
    /**
     * By {@code listener}, {@code service} ({@code unknown} when no Service matches), {@code operation}, {@code resource}
     * (its type) and {@code mode}: {@code enforce}, or {@code dry-run}, where the request passed all the same.
     */
    DENIALS("weir.denials", "{denial}", "Operations that policy denied"),
    /** By {@code listener} and {@code reason}, a {@link MalformedReason}. */
    MALFORMED("weir.frames.malformed", "{frame}", "Frames that were not understood; each closed its connection"),
    /**
     * By {@code listener}, {@code service} ({@code unknown} when no Service matches) and {@code mode}: {@code enforce}, or
     * {@code dry-run}, where nothing was changed.
     */
    SCHEMA_CHECKED("weir.schema.checked", "{record}", "Records that were held against the schema of their topic"),
    SCHEMA_VIOLATIONS("weir.schema.violations", "{record}", "Records that are not what the schema of their topic says"),
    SCHEMA_DEAD_LETTERS("weir.schema.dead_letters", "{record}", "Records that were to be kept in a dead-letter topic"),
    /** By {@code registry} and {@code outcome}: {@code hit}, when it was known, or {@code miss}, when it had to be asked for. */
    SCHEMA_LOOKUPS("weir.schema.registry.lookups", "{lookup}", "Schemas that were looked up for records"),
    /** By {@code registry}. */
    SCHEMA_LOOKUPS_WAITING(
            "weir.schema.registry.waiting", "{lookup}", "Schemas and subjects that a registry is being asked for now"),
    /** By {@code registry} and {@code reason}, a {@link dev.weir.schema.registry.RegistryFailure}. */
    SCHEMA_REGISTRY_FAILURES(
            "weir.schema.registry.failures", "{failure}", "Questions to a schema registry that failed"),
    PROPAGATION_RECORDS("weir.propagation.records", "{record}", "Records that were given headers about their writer"),
    /** As the one before. A client that sets such headers does not know better, or tries to be somebody else. */
    PROPAGATION_REMOVED(
            "weir.propagation.removed", "{header}", "Record headers of clients that were removed: reserved names"),
    /** By {@code listener}, {@code reason} (the name of Kafka's error) and {@code mode}. */
    PROPAGATION_REFUSED(
            "weir.propagation.refused", "{batch}", "Record batches that could not be given headers, and were refused"),
    /**
     * By {@code listener}, {@code topic}, {@code result}, which is {@code genuine} or an {@link Unverified}, and {@code action}:
     * {@code observe}, {@code strip} or {@code refuse}. Batches that cannot be read count as one record.
     */
    VERIFICATION_RECORDS("weir.verification.records", "{record}", "Fetched records whose signature was verified"),
    /** By {@code mirror} and {@code outcome}: {@code mirrored}, {@code dropped}, {@code failed}, or {@code refused}, which was not eligible. */
    MIRROR_RECORDS("weir.mirror.records", "{record}", "Records that mirrors were about, by what became of them"),
    /** As above. */
    MIRROR_BYTES("weir.mirror.traffic", "By", "Bytes of batches that mirrors were about, by what became of them"),
    /** By {@code mirror}. */
    MIRROR_ELIGIBLE("weir.mirror.eligible", "{record}", "Records that were to be mirrored"),
    /** By {@code mirror}. */
    MIRROR_IN_FLIGHT("weir.mirror.in_flight", "{record}", "Records that are to be mirrored and are not yet"),
    /** By {@code mirror}. */
    MIRROR_DELAY(
            "weir.mirror.delay",
            "s",
            "Seconds from its acknowledgement until a batch was mirrored, for the last that was"),
    /** By {@code fault} and {@code outcome}, a {@link dev.weir.proxy.traffic.FaultOutcome}. */
    FAULTS("weir.faults", "{request}", "Requests that were drawn for a fault on purpose"),
    /** Always 1, by {@code fault}, {@code service}, {@code effect} and {@code mode}. */
    FAULTS_IN_FORCE("weir.faults.in_force", "", "The faults on purpose that policy has now"),
    /** By {@code quota} and {@code limit}: {@code requests}, {@code produce-bytes} or {@code fetch-bytes}; those that it limits. */
    QUOTA_USED("weir.quota.used", "", "Requests and bytes that counted against a quota"),
    /** As above, for a second; 0 for no limit. */
    QUOTA_LIMIT("weir.quota.limit", "", "What a quota allows for each second"),
    /** By {@code quota} and {@code mode}: {@code enforce}, or {@code dry-run}, where nobody was told. */
    QUOTA_THROTTLED(
            "weir.quota.throttled", "{request}", "Requests whose client was told to be quiet, as a quota was used up"),
    /** By {@code quota}. */
    QUOTA_THROTTLE_TIME("weir.quota.throttle_time", "s", "For how long clients were told to be quiet, in all"),
    /** By {@code cluster}. */
    UPSTREAM_CONNECTS("weir.upstream.connects", "{connection}", "Connections to brokers that were opened"),
    /** By {@code cluster} and {@code reason}, an {@link UpstreamFailure}. */
    UPSTREAM_FAILURES("weir.upstream.failures", "{failure}", "Connections to brokers that failed, or broke in use"),
    /** By {@code cluster}. */
    UPSTREAM_BROKERS("weir.upstream.brokers", "{broker}", "Brokers of the cluster that are known now"),
    /** By {@code listener} or {@code cluster}, and {@code role}, a {@link dev.weir.proxy.tls.CertificateRole}. */
    CERTIFICATE_EXPIRY(
            "weir.certificate.expiry", "s", "Seconds until a certificate in force ends; below 0 when it has"),
    /** As above. */
    CERTIFICATE_VALIDITY("weir.certificate.validity", "s", "Seconds from beginning to end of a certificate in force"),
    /** By {@code listener} or {@code cluster}. 0 when all is well. */
    CERTIFICATE_REFUSED(
            "weir.certificate.refused",
            "",
            "1 while certificate, key or password files have changed and cannot be used"),
    /** By {@code canary}, where there is a controller of canaries. */
    CANARY_BYPASSING(
            "weir.canary.bypassing", "{member}", "Members of a canary's groups that come to brokers around Weir"),
    /** By {@code topic}, one of those by which proxies share canaries. */
    CANARY_TOPIC_FAILING(
            "weir.canary.topic_failing", "", "1 while a topic by which proxies share canaries cannot be used"),
    /** By {@code canary}, {@code side} and {@code outcome}. */
    CANARY_RECORDS(
            "weir.canary.records", "{record}", "Records that a side of a canary fetched, and what became of them"),
    /** By {@code canary}, {@code side} and {@code reason}, a {@link CanaryHold}. */
    CANARY_HELD("weir.canary.held", "{answer}", "Answers to fetches from which records of a canary were held back"),
    /** As above. */
    CANARY_HELD_TIME("weir.canary.held_time", "s", "For how long such answers were held, in all"),
    /** By {@code canary}, {@code side} and {@code reason}, a {@link CanaryRefusal}. */
    CANARY_REFUSED(
            "weir.canary.refused", "{read}", "Partitions that were answered with an error to a side of a canary"),
    /** By {@code secret}: its path, or the name of a certificate. */
    SECRET_AGE("weir.secret.age", "s", "Seconds since a secret or certificate was last had from where it comes from"),
    /** As above. */
    SECRET_RENEWAL("weir.secret.renewal", "s", "Seconds until a secret or certificate is asked for again"),
    /** As above. 0 when all is well. */
    SECRET_FAILURES(
            "weir.secret.failures", "{attempt}", "Attempts to have a secret again that failed since the last good one"),
    /** No attributes. */
    REPORTS_SENT("weir.reports.sent", "{report}", "Reports about traffic that Kafka has taken"),
    /** By {@code reason}, a {@link ReportDrop}. */
    REPORTS_DROPPED("weir.reports.dropped", "{report}", "Reports about traffic that were given up"),
    /** Always 1, by {@code revision}: the policy in force. */
    POLICY_REVISION("weir.policy.revision", "", "The policy revision in force"),
    /** No attributes. */
    POLICY_CHANGES("weir.policy.changes", "{change}", "Policy revisions that came into force"),
    /** No attributes. While it is not 0, what is in force is older than what the source holds, or may be. */
    POLICY_FAILURES(
            "weir.policy.failures", "{failure}", "Attempts to take a newer policy that failed since the last good one");

    private final String metricName;
    private final String unit;
    private final String description;

    ProxyMetric(String metricName, String unit, String description) {
        this.metricName = metricName;
        this.unit = unit;
        this.description = description;
    }

    /** The OpenTelemetry name. */
    public String metricName() {
        return metricName;
    }

    public String unit() {
        return unit;
    }

    public String description() {
        return description;
    }
}
