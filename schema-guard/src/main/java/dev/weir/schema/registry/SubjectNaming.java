package dev.weir.schema.registry;

/** Under which subject of a registry the schema of a record has to be; the strategies are those of Confluent's serializers. */
public sealed interface SubjectNaming {
    /** Whether the name of the record type is a part of it. */
    boolean needsRecordName();

    /**
     * The subject.
     *
     * @param key whether it is a key's
     * @param recordName the full name of the record type; empty where it is not needed
     */
    String subject(String topic, boolean key, String recordName);

    /** By what it is named. */
    enum Strategy implements SubjectNaming {
        /** {@code orders-value}, {@code orders-key}. */
        TOPIC(false) {
            @Override
            public String subject(String topic, boolean key, String recordName) {
                return topic + (key ? "-key" : "-value");
            }
        },
        /** {@code shop.Order}. */
        RECORD(true) {
            @Override
            public String subject(String topic, boolean key, String recordName) {
                return recordName;
            }
        },
        /** {@code orders-shop.Order}. */
        TOPIC_RECORD(true) {
            @Override
            public String subject(String topic, boolean key, String recordName) {
                return topic + "-" + recordName;
            }
        };

        private final boolean needsRecordName;

        Strategy(boolean needsRecordName) {
            this.needsRecordName = needsRecordName;
        }

        @Override
        public boolean needsRecordName() {
            return needsRecordName;
        }
    }

    /** Always this one. */
    record Fixed(String subject) implements SubjectNaming {
        @Override
        public boolean needsRecordName() {
            return false;
        }

        @Override
        public String subject(String topic, boolean key, String recordName) {
            return subject;
        }
    }
}
