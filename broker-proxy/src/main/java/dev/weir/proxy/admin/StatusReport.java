package dev.weir.proxy.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code /status}, as JSON with these names. Times are ISO 8601, in UTC. It holds no secret: no password,
 * no hash, no key, no content of records.
 *
 * @param version of Weir
 * @param startedAt when this process began
 * @param unready why {@code /readyz} says no; empty when it says yes
 * @param listeners in the order of the configuration
 * @param clusters in the order of the configuration
 * @param certificates those in force, of listeners and towards brokers
 * @param secrets how those are doing that come from elsewhere; left out where all are files
 * @param signing how the keys of signatures are doing; left out where there are none
 * @param schemaRegistries those of the configuration, and those that policy names besides; left out where there are none
 * @param mirrors what became of what mirrors are about; left out where there are none
 * @param faults on purpose: those that policy has, and those that it had; left out where there are none
 * @param quotas how much Services may do a second, and what they did; left out where there are none
 * @param canaries all that ever began, by name; left out where there are none
 * @param policy what is in force, and how its source is doing
 * @param recentErrors warnings and errors that were logged last, the newest first
 */
public record StatusReport(
        String version,
        String startedAt,
        List<String> unready,
        List<ListenerReport> listeners,
        List<ClusterReport> clusters,
        List<CertificateReport> certificates,
        @JsonInclude(Include.NON_NULL) @Nullable SecretsReport secrets,
        @JsonInclude(Include.NON_NULL) @Nullable SigningReport signing,
        @JsonInclude(Include.NON_EMPTY) List<SchemaRegistryReport> schemaRegistries,
        @JsonInclude(Include.NON_EMPTY) List<MirrorReport> mirrors,
        @JsonInclude(Include.NON_EMPTY) List<FaultReport> faults,
        @JsonInclude(Include.NON_EMPTY) List<QuotaReport> quotas,
        @JsonInclude(Include.NON_EMPTY) List<CanaryReport> canaries,
        PolicyReport policy,
        List<ErrorReport> recentErrors) {

    /** Whether clients are served. */
    @JsonProperty
    public boolean ready() {
        return unready.isEmpty();
    }

    /**
     * One listener. Counts are since start, but for {@code connectionsOpen} and {@code requestsInFlight}.
     *
     * @param bootstrap what clients get as {@code bootstrap.servers}
     * @param brokers where clients are sent for each broker
     * @param problems brokers that have no port here, new certificate files that were not taken, and why
     */
    public record ListenerReport(
            String name,
            String cluster,
            String bootstrap,
            boolean tls,
            boolean sasl,
            List<BrokerReport> brokers,
            List<String> problems,
            long connectionsOpen,
            long connectionsAccepted,
            long connectionsRefused,
            long requests,
            long requestsInFlight,
            long bytesUp,
            long bytesDown,
            long denials,
            long dryRunDenials,
            long framesMalformed) {}

    /**
     * One cluster upstream.
     *
     * @param brokers where the brokers themselves are
     * @param lastError why the cluster could not be asked last time, if it could not
     * @param problems files with certificates or a password that changed and were not taken, and why
     * @param mirrorBytes memory that is set aside now for copies on their way there
     */
    @JsonInclude(Include.NON_NULL)
    public record ClusterReport(
            String name,
            List<BrokerReport> brokers,
            @Nullable String lastError,
            List<String> problems,
            long mirrorBytes) {}

    /**
     * One certificate in force.
     *
     * @param listener whose it is, or {@code null} for one of a cluster
     * @param cluster whose it is, or {@code null} for one of a listener
     * @param role server, client-ca, client or trust
     * @param subject whom it names
     * @param expiresAt when it ends
     */
    @JsonInclude(Include.NON_NULL)
    public record CertificateReport(
            @Nullable String listener, @Nullable String cluster, String role, String subject, String expiresAt) {}

    /**
     * One canary, as the log of its changes has it.
     *
     * @param group whose work it shares, or {@code null} while it has nothing to do with any
     * @param state {@code idle} before its seeds and when it is drained, {@code seeded} before its first weight, {@code sharing},
     *     {@code draining} at weight 0, or {@code shadow}
     * @param weight in force, such as {@code 10%}
     * @param epoch the number of its last change; 0 before the first
     * @param changingTo the weight of a change under way, for which fetches are held back; {@code null} for none
     * @param waitingFor proxies without which the next change does not begin
     * @param left what sides have not done yet before a fence
     * @param problem why the wanted weight is not in force; {@code null} for nothing
     */
    @JsonInclude(Include.NON_NULL)
    public record CanaryReport(
            String name,
            @Nullable String group,
            String state,
            String weight,
            long epoch,
            @Nullable String changingTo,
            List<String> waitingFor,
            List<LeftReport> left,
            @Nullable String problem,
            @JsonInclude(Include.NON_EMPTY) List<BypassReport> bypassing) {}

    /** A member of a canary's groups that comes to brokers around Weir. */
    public record BypassReport(String group, String memberId, String clientId, String host) {}

    /**
     * What one side has not done yet before a fence, in one partition.
     *
     * @param side {@code stable} or {@code canary}
     * @param recordsMax at most so many records, those of the other side included
     */
    public record LeftReport(String topic, int partition, String side, long fence, long recordsMax) {}

    /**
     * Secrets and certificates that come from elsewhere and are fetched again; names only.
     *
     * @param source where they come from
     * @param logIn how Weir logs in there
     * @param logInUntil when that log-in ends, or {@code null} for never
     * @param lastError why the last request failed; {@code null} when it did not
     */
    @JsonInclude(Include.NON_NULL)
    public record SecretsReport(
            String source,
            String logIn,
            @Nullable String logInUntil,
            @Nullable String lastError,
            List<SecretReport> items) {}

    /**
     * One of them.
     *
     * @param fetchedAt when it was last had
     * @param until when it ends, or {@code null} when it does not
     * @param next when it is asked for again
     * @param failures attempts that failed since
     */
    @JsonInclude(Include.NON_NULL)
    public record SecretReport(
            String name,
            String fetchedAt,
            @Nullable String until,
            String next,
            int failures,
            @Nullable String lastError) {}

    /**
     * The keys that records are signed and verified with.
     *
     * @param signs whether this proxy has a key to sign with
     * @param problems files that changed and were not taken, and why: what was read before stays in force
     */
    public record SigningReport(boolean signs, List<String> problems) {}

    /**
     * One schema registry. Counts are since start, but for {@code waiting} and what is kept.
     *
     * @param url left out for one that policy names and this proxy does not have, as are the counts
     * @param hits lookups that were answered by what is kept
     * @param misses lookups that had to ask, or to wait for somebody who asks
     * @param waiting schemas and subjects that it is being asked for now
     * @param kept answers that are kept
     * @param keptBytes how much they take, about
     * @param failures questions that failed, of all kinds
     * @param lastError why it does not answer now, if it does not
     * @param problems new files that were not taken; or that it is missing
     */
    @JsonInclude(Include.NON_NULL)
    public record SchemaRegistryReport(
            String name,
            @Nullable String url,
            @Nullable Long hits,
            @Nullable Long misses,
            @Nullable Integer waiting,
            @Nullable Long kept,
            @Nullable Long keptBytes,
            @Nullable Long failures,
            @Nullable String lastError,
            List<String> problems) {}

    /**
     * One mirror: eligible = mirrored + dropped + failed + in flight, at every moment. Counts are since start, but for {@code inFlight}.
     *
     * @param to the topic, and the cluster where that is another; left out when policy has the mirror no more
     * @param refused records of transactions, which it does not take
     * @param delayMillis from the acknowledgement of the batch that was mirrored last until it was
     * @param lastError why records were not mirrored last; left out when all were
     * @param untold that some of its topics are too many to be told apart in reports; left out when they are not
     */
    @JsonInclude(Include.NON_NULL)
    public record MirrorReport(
            String name,
            @Nullable String to,
            MirroredReport eligible,
            MirroredReport mirrored,
            MirroredReport dropped,
            MirroredReport failed,
            MirroredReport inFlight,
            MirroredReport refused,
            long delayMillis,
            @Nullable String lastError,
            @Nullable String lastErrorAt,
            @Nullable Boolean untold) {}

    /** So many records, in batches of so many bytes. */
    public record MirroredReport(long records, long bytes) {}

    /**
     * One fault on purpose. Counts are of requests, since start.
     *
     * @param what it does, to whom, and until when; left out when policy has the fault no more
     * @param mode {@code enforce} or {@code dry-run}; left out with {@code what}
     * @param at file and line of its document; left out with {@code what}
     * @param injected that were hit
     * @param dryRun that would have been
     * @param spared that were not, since records would have been lost that nobody acknowledges
     */
    @JsonInclude(Include.NON_NULL)
    public record FaultReport(
            String name,
            @Nullable String what,
            @Nullable String mode,
            @Nullable String at,
            long injected,
            long dryRun,
            long spared) {}

    /**
     * One quota, through this proxy.
     *
     * @param mode {@code enforce} or {@code dry-run}
     * @param at file and line of its document
     * @param requests against a limit for each second; left out without one, as the two after it
     * @param throttled requests since start whose client was told to be quiet
     * @param throttledMillis for how long, in all
     * @param dryRun requests whose client would have been
     */
    @JsonInclude(Include.NON_NULL)
    public record QuotaReport(
            String name,
            String service,
            String mode,
            String at,
            @Nullable LimitReport requests,
            @Nullable LimitReport produceBytes,
            @Nullable LimitReport fetchBytes,
            long throttled,
            long throttledMillis,
            long dryRun) {}

    /**
     * One limit.
     *
     * @param used since start
     */
    public record LimitReport(long perSecond, long used) {}

    /** One broker and a {@code host:port}. */
    public record BrokerReport(int nodeId, String address) {}

    /**
     * Policy.
     *
     * @param source where it comes from, without credentials
     * @param revision the revision in force, or {@code null} before the first
     * @param since when that came into force
     * @param lastError why the newest revision, or the source, was not taken; {@code null} when all is well
     */
    @JsonInclude(Include.NON_NULL)
    public record PolicyReport(
            String source,
            @Nullable String revision,
            @Nullable String since,
            long changes,
            long failures,
            @Nullable String lastError) {}

    /** One logged warning or error. */
    public record ErrorReport(String at, String level, String message) {}
}
