package dev.weir.canary.kafka;

import dev.weir.canary.RecordFields;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record as a Kafka consumer shows it. */
final class ConsumedFields implements RecordFields {
    private static final byte[] NONE = new byte[0];

    private final ConsumerRecord<byte[], byte[]> record;
    private byte @Nullable [] header;

    ConsumedFields(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
    }

    @Override
    public byte[] bytes() {
        if (header != null) {
            return header;
        }
        return record.key() == null ? NONE : record.key();
    }

    @Override
    public int keyOffset() {
        return 0;
    }

    @Override
    public int keyBytes() {
        return record.key() == null ? -1 : record.key().length;
    }

    @Override
    public boolean findHeader(byte[] name) {
        Header last = record.headers().lastHeader(new String(name, StandardCharsets.UTF_8));
        header = last == null ? null : last.value();
        return header != null;
    }

    @Override
    public int headerOffset() {
        return 0;
    }

    @Override
    public int headerBytes() {
        return header == null ? -1 : header.length;
    }
}
