package dev.weir.topology;

import dev.weir.mesh.report.LatencyBuckets;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Client;
import dev.weir.mesh.report.v1.Direction;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.LatencySketch;
import dev.weir.mesh.report.v1.Membership;
import dev.weir.mesh.report.v1.ProxyReport;
import java.util.List;

/** Reports as a proxy makes them. */
public final class TestReports {
    public static final String CLUSTER = "main";

    private TestReports() {}

    public static Header header(String proxy, long epoch, long sequence, long toMillis) {
        return Header.newBuilder()
                .setProxy(proxy)
                .setEpochMillis(epoch)
                .setSequence(sequence)
                .setFromMillis(toMillis - 1_000)
                .setToMillis(toMillis)
                .setCluster(CLUSTER)
                .build();
    }

    public static Client client(String service) {
        return Client.newBuilder()
                .setListener("internal")
                .setPrincipal("User:" + service)
                .setService(service)
                .setVersion("v1")
                .setClientId(service + "-1")
                .setSoftwareName("apache-kafka-java")
                .setSoftwareVersion("4.3.1")
                .setMechanism("MTLS")
                .setTls(true)
                .setSource("127.0.0.1")
                .build();
    }

    public static Flow produced(Header header, String service, String topic, long records) {
        return Flow.newBuilder()
                .setHeader(header)
                .setClient(client(service))
                .setDirection(Direction.PRODUCE)
                .setTopic(topic)
                .setRecords(records)
                .setBytes(records * 100)
                .setBatches(1)
                .setLatency(LatencySketch.newBuilder()
                        .addBuckets(LatencyBuckets.of(2_000))
                        .addCounts(1))
                .build();
    }

    public static Flow consumed(Header header, String service, String topic, String group, long records) {
        return Flow.newBuilder()
                .setHeader(header)
                .setClient(client(service))
                .setDirection(Direction.CONSUME)
                .setTopic(topic)
                .setGroup(group)
                .setRecords(records)
                .setBytes(records * 100)
                .build();
    }

    public static Membership member(Header header, String service, String group, String... topics) {
        return Membership.newBuilder()
                .setHeader(header)
                .setGroup(group)
                .setProtocol(Membership.Protocol.CONSUMER)
                .setClient(client(service))
                .setMember(service + "-member")
                .addAllTopics(List.of(topics))
                .build();
    }

    public static Audit denied(Header header, String service, String topic, long count) {
        return Audit.newBuilder()
                .setHeader(header)
                .setKind(Audit.Kind.DENIED)
                .setClient(client(service))
                .setResourceType("TOPIC")
                .setResourceName(topic)
                .setOperation("WRITE")
                .setRule("default")
                .setCount(count)
                .setFirstMillis(header.getFromMillis())
                .setLastMillis(header.getToMillis())
                .build();
    }

    /** What a mirror to staging did with one topic since its proxy started; 100 bytes a record. */
    public static ProxyReport.Mirror mirror(String topic, long mirrored) {
        return ProxyReport.Mirror.newBuilder()
                .setName("copies")
                .setCluster(CLUSTER)
                .setTopic(topic)
                .setTargetCluster("staging")
                .setTargetTopic("mirror." + topic)
                .setMirroredRecords(mirrored)
                .setMirroredBytes(mirrored * 100)
                .build();
    }

    public static ProxyReport proxy(Header header) {
        return ProxyReport.newBuilder()
                .setHeader(header)
                .setWeirVersion("test")
                .setPolicyRevision("r1")
                .setPolicyState("IN_FORCE")
                .build();
    }
}
