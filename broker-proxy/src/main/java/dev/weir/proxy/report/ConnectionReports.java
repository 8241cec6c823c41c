package dev.weir.proxy.report;

import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.cluster.TopicDirectory;
import dev.weir.proxy.trace.TracedRequest;
import dev.weir.proxy.wire.BatchReader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is reported of one connection: told of each request and response, in their order, by the connection's own steps.
 * Event loop of the connection; no public method throws. What is kept per topic and partition lives as long as the
 * connection, so that a frame allocates nothing here but with its first sight of a topic.
 */
public final class ConnectionReports {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionReports.class);
    private static final int TOPICS_MAX = 10_000;
    private static final int SPARE_REQUESTS_MAX = 8;
    private static final int SPARE_PARTITIONS_MAX = 256;
    private static final ReportedClient NOBODY = new ReportedClient("", "", "", "", "", "", "", "", "", false, "");

    private final LoopReports loop;
    private final String listener;
    private final String cluster;
    private final TopicDirectory topics;
    private final Exchanges exchanges;
    private final LogInReports logIns;

    private String softwareName = "";
    private String softwareVersion = "";
    private @Nullable Authorizer authorizer;
    private ReportedClient client = NOBODY;

    private final Map<String, TopicCells> byName = new HashMap<>(2);
    private final Map<Uuid, TopicCells> byId = new HashMap<>(2);
    private @Nullable TopicCells lastTopic;

    private @Nullable ProduceRequestTap produceRequests;
    private @Nullable ProduceResponseTap produceResponses;
    private @Nullable FetchResponseTap fetchResponses;
    private @Nullable ShareFetchResponseTap shareFetchResponses;
    private final Deque<ProduceSent> spareRequests = new ArrayDeque<>(1);
    private @Nullable ProduceSent producing;

    /**
     * Begins with a connection.
     *
     * @param cluster the name of the cluster behind the listener
     * @param topics its topics
     */
    public ConnectionReports(LoopReports loop, String listener, String cluster, TopicDirectory topics) {
        this.loop = loop;
        this.listener = listener;
        this.cluster = cluster;
        this.topics = topics;
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

    /** What the client may do under the policy of its last request; {@code null} before the first. */
    @Nullable
    Authorizer authorizer() {
        return authorizer;
    }

    @Nullable
    String topicName(Uuid id) {
        return topics.name(id);
    }

    TopicCells topic(String name) {
        TopicCells last = lastTopic;
        if (last != null && last.topic().equals(name)) {
            return last;
        }
        TopicCells cells = byName.get(name);
        if (cells == null) {
            if (byName.size() >= TOPICS_MAX) {
                byName.clear();
                byId.clear();
            }
            cells = new TopicCells(this, name);
            byName.put(name, cells);
        }
        lastTopic = cells;
        return cells;
    }

    /** The topic with an id, or {@code null} when nobody knows it. */
    @Nullable
    TopicCells topic(Uuid id) {
        TopicCells cells = byId.get(id);
        if (cells == null) {
            String name = topics.name(id);
            if (name == null) {
                return null;
            }
            cells = topic(name);
            byId.put(id, cells);
        }
        return cells;
    }

    // ---- who it is

    /** What the client says that it is (KIP-511). */
    public void software(String name, String version) {
        softwareName = name;
        softwareVersion = version;
        authorizer = null;
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
        return apiKey == ApiKeys.PRODUCE.id ? beginProduce() : null;
    }

    private Tap beginProduce() {
        ProduceSent request = producing;
        if (request == null) {
            request = spareRequests.poll();
        }
        if (request == null) {
            request = new ProduceSent();
        }
        producing = request;
        request.begin();
        ProduceRequestTap tap = produceRequests;
        if (tap == null) {
            tap = new ProduceRequestTap(this, new BatchReader());
            produceRequests = tap;
        }
        tap.begin(request);
        return tap;
    }

    // ---- requests

    /** Whether a request of the API is to be decoded for reports, though it passes as it is. */
    public boolean decodes(short apiKey) {
        return exchanges.concerns(ApiKeys.forId(apiKey));
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
                return produced((ProduceRequestData) request, answered);
            }
            if (request instanceof FetchRequestData fetch) {
                return fetching(fetch);
            }
            if (request instanceof ShareFetchRequestData shareFetch) {
                exchanges.reads(shareFetch);
                return ShareFetchSent.INSTANCE;
            }
            ApiKeys api = ApiKeys.forId(apiKey);
            return request != null && answered && exchanges.concerns(api)
                    ? new Sent.Decoded(api, request, client)
                    : null;
        } catch (RuntimeException e) {
            failed(e);
            return null;
        }
    }

    private @Nullable Sent produced(@Nullable ProduceRequestData rewritten, boolean answered) {
        ProduceSent request = producing;
        producing = null;
        if (request == null) {
            return null;
        }
        request.sentNanos = System.nanoTime();
        request.sentMillis = System.currentTimeMillis();
        for (int i = 0; i < request.size(); i++) {
            ProducedPartition produced = request.get(i);
            Uuid id = produced.topicId;
            if (rewritten != null && rewritten.topicData().find(nameKey(produced), idKey(produced)) == null) {
                continue; // refused here: it did not go
            }
            TopicCells cells = produced.topic != null ? topic(produced.topic) : id != null ? topic(id) : null;
            if (cells == null) {
                continue;
            }
            FlowCell flow = cells.produced();
            if (answered) {
                produced.flow = flow;
                produced.cell = cells.partition(produced.partition);
                produced.cell.sent(produced);
            } else {
                flow.add(produced.records, produced.bytes, produced.batches);
                flow.unacknowledged(produced.records);
            }
        }
        if (!answered) {
            done(request);
            return null;
        }
        return request;
    }

    private static String nameKey(ProducedPartition produced) {
        return produced.topicId != null || produced.topic == null ? "" : produced.topic;
    }

    private static Uuid idKey(ProducedPartition produced) {
        return produced.topicId == null ? Uuid.ZERO_UUID : produced.topicId;
    }

    private Sent fetching(FetchRequestData request) {
        long nowMillis = System.currentTimeMillis();
        if (request.sessionEpoch() <= 0) {
            byName.values().forEach(TopicCells::notFetching);
        }
        for (FetchRequestData.ForgottenTopic forgotten : request.forgottenTopicsData()) {
            TopicCells cells = topic(forgotten.topic(), forgotten.topicId());
            if (cells != null) {
                forgotten.partitions().forEach(cells::notFetching);
            }
        }
        for (FetchRequestData.FetchTopic topic : request.topics()) {
            TopicCells cells = topic(topic.topic(), topic.topicId());
            if (cells != null) {
                for (FetchRequestData.FetchPartition partition : topic.partitions()) {
                    cells.partition(partition.partition()).fetching(partition.fetchOffset(), nowMillis);
                }
            }
        }
        return FetchSent.INSTANCE;
    }

    /** The topic that a message names in one way or the other. */
    @Nullable
    TopicCells topic(@Nullable String name, Uuid id) {
        return id.equals(Uuid.ZERO_UUID) ? name == null || name.isEmpty() ? null : topic(name) : topic(id);
    }

    // ---- responses

    /** The response to a request begins; whoever is told what walks by in it is given. */
    public Tap responseTap(Sent.Walked sent) {
        if (sent instanceof ProduceSent produce) {
            ProduceResponseTap tap = produceResponses;
            if (tap == null) {
                tap = new ProduceResponseTap(this);
                produceResponses = tap;
            }
            tap.begin(produce);
            return tap;
        }
        if (sent instanceof FetchSent) {
            FetchResponseTap tap = fetchResponses;
            if (tap == null) {
                tap = new FetchResponseTap(this, new BatchReader());
                fetchResponses = tap;
            }
            tap.begin();
            return tap;
        }
        ShareFetchResponseTap tap = shareFetchResponses;
        if (tap == null) {
            tap = new ShareFetchResponseTap(this, new BatchReader());
            shareFetchResponses = tap;
        }
        tap.begin();
        return tap;
    }

    /** The first byte of the response to a request is there. */
    public void responseBegins(Sent sent) {
        if (sent instanceof ProduceSent produce && produce.size() > 0) {
            long micros = (System.nanoTime() - produce.sentNanos) / 1_000;
            FlowCell last = null;
            for (int i = 0; i < produce.size(); i++) {
                FlowCell flow = produce.get(i).flow;
                if (flow != null && flow != last) { // once per request and topic
                    flow.latency(micros);
                    last = flow;
                }
            }
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

    /** A produce request is answered, or never will be. */
    void done(ProduceSent request) {
        for (int i = 0; i < request.size(); i++) {
            ProducedPartition produced = request.get(i);
            if (produced.cell != null) {
                produced.cell.answered(request);
                produced.cell = null;
            }
        }
        if (spareRequests.size() < SPARE_REQUESTS_MAX && request.size() <= SPARE_PARTITIONS_MAX) {
            spareRequests.add(request);
        }
    }

    // ---- spans

    /** A produce request was answered that was chosen for a span. */
    void traced(ProduceSent request, ProducedPartition produced, int errorCode, long baseOffset) {
        ByteBuffer batch = produced.batch;
        String topic = produced.topic;
        if (batch != null && topic != null) {
            long startNanos = TimeUnit.MILLISECONDS.toNanos(request.sentMillis);
            long endNanos = startNanos + (System.nanoTime() - request.sentNanos);
            traced(
                    true,
                    topic,
                    produced.partition,
                    batch,
                    startNanos,
                    endNanos,
                    errorCode,
                    baseOffset,
                    produced.records);
        }
    }

    /** Records were handed out that were chosen for a span. */
    void traced(String topic, int partition, ByteBuffer batch, long records, long offset, long beganMillis) {
        long startNanos = TimeUnit.MILLISECONDS.toNanos(beganMillis);
        long endNanos = Math.max(startNanos, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
        traced(false, topic, partition, batch, startNanos, endNanos, 0, offset, records);
    }

    private void traced(
            boolean produced,
            String topic,
            int partition,
            ByteBuffer batch,
            long startNanos,
            long endNanos,
            int errorCode,
            long offset,
            long records) {
        loop.traced(new TracedRequest(
                produced,
                listener,
                client.service(),
                client.clientId(),
                "",
                topic,
                partition,
                batch.flip(),
                startNanos,
                endNanos,
                errorCode,
                offset,
                (int) records));
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
}
