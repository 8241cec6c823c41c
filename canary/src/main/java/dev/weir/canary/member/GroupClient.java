package dev.weir.canary.member;

/**
 * A client in a consumer group. Its connections to coordinators and those that it fetches by have nothing else in common that can be relied
 * on: addresses differ behind gateways, and with two versions of IP.
 *
 * @param service that it proved to be
 * @param clientId that it says; clients that say the same are one here
 * @param group by the name that the client uses
 */
public record GroupClient(String service, String clientId, String group) {}
