package dev.weir.proxy.report;

import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.audit.AuditEvent;
import dev.weir.proxy.cluster.TopicDirectory;
import dev.weir.proxy.deadletter.DeadLetters;
import dev.weir.proxy.deadletter.Keeping;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is reported of one connection: told of each request and response, in their order, by the connection's own steps,
 * and passes each to who reports its kind. Event loop of the connection; no public method throws. What is kept per topic
 * and partition lives as long as the connection, so that a frame allocates nothing here but with its first sight of a
 * topic; what a connection never does is not kept at all.
 */
public final class ConnectionReports {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionReports.class);
    private static final ReportedClient NOBODY = new ReportedClient("", "", "", "", "", "", "", "", "", false, "");

    private final LoopReports loop;
    private final String listener;
    private final String cluster;
    private final TopicTable topics;
    private final RequestSpans spans;
    private final Exchanges exchanges;
    private final LogInReports logIns;

    private String softwareName = "";
    private String softwareVersion = "";
    private @Nullable Authorizer authorizer;
    private ReportedClient client = NOBODY;

    private @Nullable ProduceReports produces;
    private @Nullable FetchReports fetches;
    private @Nullable ShareReports shares;

    /**
     * Begins with a connection.
     *
     * @param cluster the name of the cluster behind the listener
     * @param directory its topics
     */
    public ConnectionReports(LoopReports loop, String listener, String cluster, TopicDirectory directory) {
        this.loop = loop;
        this.listener = listener;
        this.cluster = cluster;
        this.topics = new TopicTable(this, directory);
        this.spans = new RequestSpans(this, listener);
        this.exchanges = new Exchanges(this);
        this.logIns = new LogInReports(loop, listener, cluster);
    }

    /** Told of how the client logs in. */
    public LogInReports logIns() {
        return logIns;
    }

    LoopReports loop() {
        return loop;
    }

    Groups groups() {
        return loop.reports().groups();
    }

    Transactions transactions() {
        return loop.reports().transactions();
    }

    ReportedClient client() {
        return client;
    }

    /** What the client may do, as of its last request; {@code null} before its first. */
    @Nullable
    Authorizer authorizer() {
        return authorizer;
    }

    TopicTable topics() {
        return topics;
    }

    // ---- who it is

    /** What the client says that it is (KIP-511). */
    public void software(String name, String version) {
        softwareName = name;
        softwareVersion = version;
        authorizer = null;
    }

    /** Name and version; empty until it said them. */
    public String software() {
        return (softwareName + " " + softwareVersion).strip();
    }

    /**
     * A request begins.
     *
     * @param now the client's authorizer; another one may mean another service or client id
     * @return who is told what walks by in the request, or {@code null} for nobody
     */
    @SuppressWarnings("ReferenceEquality") // an authorizer is the same object as long as all that it depends on
    public @Nullable Tap begin(short apiKey, Subject subject, Authorizer now, String clientId) {
        if (now != authorizer) {
            authorizer = now;
            ReportedClient named = new ReportedClient(
                    cluster,
                    listener,
                    subject.principal().toString(),
                    now.service().orElse(""),
                    now.version().orElse(""),
                    clientId,
                    softwareName,
                    softwareVersion,
                    subject.mechanism().name(),
                    subject.tls(),
                    subject.source().getHostAddress());
            if (!named.equals(client)) {
                client = named;
            }
        }
        return apiKey == ApiKeys.PRODUCE.id ? produces().begin() : null;
    }

    /** Brokers know the topics of the produce request that has just begun by these names. */
    public void producesAs(UnaryOperator<String> names) {
        produces().as(names);
    }

    // ---- requests

    /** Whether a request of the API is to be decoded for reports, though it passes as it is. */
    public boolean decodes(short apiKey) {
        return exchanges.concerns(ApiKeys.forId(apiKey));
    }

    /** Records were held against a schema, whatever becomes of them. */
    public void checked(CheckedRecords batch) {
        topics.of(produces().toBroker(batch.topic())).produced().checked(batch);
        long nowMillis = System.currentTimeMillis();
        batch.forEach((reason, records) -> loop.audit()
                .add(
                        AuditEvent.schemaViolation(
                                cluster,
                                client.message(),
                                batch.topic(),
                                batch.rule(),
                                reason,
                                batch.onViolation(),
                                batch.example(reason)),
                        nowMillis,
                        records));
    }

    /** Policy did not let the client read on, though it may read the topic. */
    public void refused(List<RefusedRead> partitions) {
        for (RefusedRead one : partitions) {
            loop.audit()
                    .add(
                            AuditEvent.readRefused(
                                    cluster, client.message(), one.topic(), one.rule(), one.refusal(), one.reason()),
                            System.currentTimeMillis());
        }
    }

    /**
     * Weir has written records of this client to a dead-letter topic: they were appended there, and not by somebody who
     * goes around the mesh.
     */
    public void kept(DeadLetters letters, List<Keeping.Place> places) {
        long nowMillis = System.currentTimeMillis();
        TopicCells topic = topics.of(letters.topic());
        for (Keeping.Place place : places) {
            topic.partition(place.partition())
                    .appended(place.offset(), place.offset() + 1, nowMillis, nowMillis, false, 1);
        }
    }

    /** Of the produce request that goes upstream next, some records do not go there. */
    public void takenOut(List<TakenOut> partitions) {
        if (!partitions.isEmpty()) {
            produces().takenOut(partitions);
        }
    }

    /**
     * A request goes upstream.
     *
     * @param request its body as it goes, or {@code null} when it was not decoded
     * @param answered whether there will be a response
     * @return what is to be remembered until then, or {@code null} for nothing
     */
    public @Nullable Sent sent(short apiKey, @Nullable ApiMessage request, boolean answered) {
        try {
            if (apiKey == ApiKeys.PRODUCE.id) {
                return produces().sent((ProduceRequestData) request, answered);
            }
            if (request instanceof FetchRequestData fetch) {
                return fetches().sent(fetch);
            }
            if (request instanceof ShareFetchRequestData shareFetch) {
                exchanges.reads(shareFetch);
                return shares().sent(shareFetch);
            }
            return request != null && answered ? exchanges.sent(apiKey, request) : null;
        } catch (RuntimeException e) {
            failed(e);
            return null;
        }
    }

    // ---- responses

    /**
     * The response to a request begins; whoever is told what walks by in it is given.
     *
     * @param shared of a fetch: what a canary left of partitions in it, in their order
     */
    public Tap responseTap(Sent.Walked sent, List<SharedRecords> shared) {
        if (sent instanceof ProduceSent produce) {
            return produces().responseTap(produce);
        }
        return sent instanceof ShareFetchSent share
                ? shares().responseTap(share)
                : fetches().responseTap(shared);
    }

    /** The first byte of the response to a request is there. */
    public void responseBegins(Sent sent) {
        if (sent instanceof ProduceSent produce) {
            produces().responseBegins(produce);
        }
    }

    /** The response to a request that was decoded is there. */
    public void answered(Sent.Decoded sent, ApiMessage response) {
        try {
            exchanges.answered(sent, response);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** The connection ends, and nobody will see the response to a request that was decoded. */
    public void unanswered(Sent.Decoded sent) {
        try {
            exchanges.unanswered(sent);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    // ---- policy

    /** Policy said no, in enforce or in dry-run. */
    public void denied(ResourceType type, String name, Operation operation, Decision decision) {
        try {
            exchanges.denied(type, name, operation, decision);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private static void failed(RuntimeException e) {
        LOG.atWarn().setCause(e).log("a message could not be reported; it passes");
    }

    // ---- made when there is first something to report

    private ProduceReports produces() {
        ProduceReports known = produces;
        if (known == null) {
            known = new ProduceReports(this, topics, spans);
            produces = known;
        }
        return known;
    }

    private FetchReports fetches() {
        FetchReports known = fetches;
        if (known == null) {
            known = new FetchReports(this, topics, spans);
            fetches = known;
        }
        return known;
    }

    ShareReports shares() {
        ShareReports known = shares;
        if (known == null) {
            known = new ShareReports(this, topics);
            shares = known;
        }
        return known;
    }
}
