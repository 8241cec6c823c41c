package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Audit.ReadRefusal;
import dev.weir.policy.decide.RuleRef;

/**
 * A partition that policy does not let a client read on from: it is answered with an error.
 *
 * @param rule that says so
 * @param refusal what it is refused for
 * @param reason in a few words of a closed set, without offsets: {@code signature missing}
 * @param where in words, for the log
 */
public record RefusedRead(
        String topic, int partition, RuleRef rule, ReadRefusal refusal, String reason, String where) {}
