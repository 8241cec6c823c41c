package dev.weir.proxy.config;

/** How the clients of one listener tell its brokers apart. The same on every proxy, so that clients may move between them. */
public sealed interface BrokerAddressing permits BrokerPorts, BrokerNames {}
