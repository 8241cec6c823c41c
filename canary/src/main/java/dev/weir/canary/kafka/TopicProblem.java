package dev.weir.canary.kafka;

/**
 * Why one of the topics by which proxies share canaries cannot be used now.
 *
 * @param topic as Kafka names it
 * @param problem what does not work, what becomes of it, and why, for people
 */
public record TopicProblem(String topic, String problem) {}
