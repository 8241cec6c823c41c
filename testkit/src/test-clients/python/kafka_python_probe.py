"""Runs one task with kafka-python."""

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError
from kafka.oauth.abstract import AbstractTokenProvider

import probe


class FixedToken(AbstractTokenProvider):
    def __init__(self, value):
        self.value = value

    def token(self):
        return self.value


def config(args):
    conf = {
        "bootstrap_servers": args["bootstrap"].split(","),
        "security_protocol": args["security.protocol"],
        # The version is given: probing for it would ask with requests that Kafka 4 does not answer any more.
        "api_version": (2, 6, 0),
        "request_timeout_ms": 11000,
    }
    if "token" in args:
        conf.update(
            sasl_mechanism=args["mechanism"],
            sasl_oauth_token_provider=FixedToken(args["token"]),
        )
    elif "user" in args:
        conf.update(
            sasl_mechanism=args["mechanism"],
            sasl_plain_username=args["user"],
            sasl_plain_password=args["password"],
        )
    if "ca" in args:
        conf["ssl_cafile"] = args["ca"]
    if "certificate" in args:
        conf.update(ssl_certfile=args["certificate"], ssl_keyfile=args["key"])
    return conf


def produce(args, deadline):
    if args["transactional.id"]:
        raise NotImplementedError("kafka-python has no transactions")
    producer = KafkaProducer(
        acks="all", max_block_ms=int(args["timeout.millis"]), **config(args)
    )
    try:
        for i in range(int(args["count"])):
            value = "%s%d" % (bytes.fromhex(args["value.prefix.hex"]).decode(), i)
            sent = producer.send(args["topic"], key=b"k%d" % i, value=value.encode())
            acked = sent.get(timeout=deadline.seconds_left())
            probe.event("acked", partition=acked.partition, offset=acked.offset)
    finally:
        producer.close(timeout=1)


def write(args, deadline):
    for compression in args["compressions"].split(","):
        producer = KafkaProducer(
            acks="all",
            max_block_ms=int(args["timeout.millis"]),
            compression_type=None if compression == "none" else compression,
            **config(args),
        )
        try:
            for key, value in probe.records(args):
                sent = producer.send(args["topic"], key=key, value=value)
                try:
                    acked = sent.get(timeout=deadline.seconds_left())
                    probe.event("acked", partition=acked.partition, offset=acked.offset)
                except KafkaError as failure:
                    probe.event("error", code=code_of(failure), message=str(failure))
        finally:
            producer.close(timeout=1)


def consume(args, deadline):
    consumer = KafkaConsumer(
        *args["topic"].split(","),
        group_id=args["group"],
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=int(args["timeout.millis"]),
        **config(args),
    )
    try:
        missing = int(args["count"])
        while missing > 0:
            for records in consumer.poll(timeout_ms=200).values():
                for record in records:
                    probe.event(
                        "record",
                        partition=record.partition,
                        offset=record.offset,
                        key=probe.text(record.key),
                        value=probe.text(record.value),
                    )
                    missing -= 1
            if missing > 0:
                deadline.check("%d records are missing" % missing)
        consumer.commit()
    finally:
        consumer.close(autocommit=False)


def describe(args, deadline):
    admin = KafkaAdminClient(**config(args))
    try:
        for name in admin.list_topics():
            probe.event("topic", name=name)
        if args["group"]:
            for group in admin.describe_consumer_groups([args["group"]]):
                probe.event("group", name=group.group)
    finally:
        admin.close()


def code_of(failure):
    if isinstance(failure, KafkaError) and getattr(failure, "message", None):
        return failure.message
    return type(failure).__name__


probe.run({"produce": produce, "write": write, "consume": consume, "describe": describe}, code_of)
