package dev.weir.proxy.connection;

import dev.weir.proxy.wire.AddressRewriter;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.Program;
import dev.weir.proxy.wire.Programs;
import dev.weir.proxy.wire.ThrottleTime;
import dev.weir.proxy.wire.spec.MessageSpecs;
import org.jspecify.annotations.Nullable;

/** Kafka's message specs, compiled for what the data path asks of them. One per process; any thread. */
public final class Protocol {
    private final Programs requests;
    private final Programs reportedRequests;
    private final Programs watchedResponses;
    private final Programs reportedResponses;
    private final Programs addresses;
    private final Programs addressesWithTopics;
    private final MessageCodec codec;
    private final ThrottleTime throttleTime;

    public Protocol(MessageSpecs specs) {
        requests = new Programs(specs, RequestScan.INTEREST);
        reportedRequests = new Programs(specs, RequestScan.REPORTED_INTEREST);
        reportedResponses = new Programs(specs, WalkedResponse.REPORTED_INTEREST);
        watchedResponses = new Programs(specs, WalkedResponse.INTEREST);
        addresses = AddressRewriter.programs(specs);
        addressesWithTopics = AddressRewriter.programsWithTopics(specs);
        codec = new MessageCodec(specs);
        throttleTime = new ThrottleTime(specs);
    }

    public MessageCodec codec() {
        return codec;
    }

    ThrottleTime throttleTime() {
        return throttleTime;
    }

    Program request(short apiKey, short version) {
        return require(requests.request(apiKey, version), apiKey, version);
    }

    /** For a request whose records are reported. */
    Program reportedRequest(short apiKey, short version) {
        return require(reportedRequests.request(apiKey, version), apiKey, version);
    }

    /** For a response whose records and offsets are reported. */
    Program reportedResponse(short apiKey, short version) {
        return require(reportedResponses.response(apiKey, version), apiKey, version);
    }

    Program watchedResponse(short apiKey, short version) {
        return require(watchedResponses.response(apiKey, version), apiKey, version);
    }

    AddressRewriter addressRewriter() {
        return new AddressRewriter(addresses, addressesWithTopics);
    }

    private static Program require(@Nullable Program program, short apiKey, short version) {
        if (program == null) {
            throw new IllegalStateException("api key " + apiKey + " v" + version + " was accepted, but has no spec");
        }
        return program;
    }
}
