package dev.weir.proxy.report;

import dev.weir.mesh.report.ReportTopic;

/** One record to send. */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record ReportMessage(ReportTopic topic, byte[] key, byte[] value) {}
