"""Runs one task with confluent-kafka (librdkafka)."""

import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient

import probe


def config(args, **more):
    names = {
        "bootstrap": "bootstrap.servers",
        "security.protocol": "security.protocol",
        "user": "sasl.username",
        "password": "sasl.password",
        "ca": "ssl.ca.location",
        "certificate": "ssl.certificate.location",
        "key": "ssl.key.location",
    }
    conf = {names[name]: value for name, value in args.items() if name in names}
    if "mechanism" in args:
        conf["sasl.mechanism"] = args["mechanism"]
    if "token" in args:
        conf.pop("sasl.username", None)
        conf["oauth_cb"] = lambda _: (args["token"], time.time() + 3600)
    conf.update(more)
    return conf


def produce(args, deadline):
    # An authentication failure is told by this callback only; anything else it says is retried by the library.
    fatal = []

    def on_error(error):
        if error.code() == KafkaError._AUTHENTICATION:
            fatal.append(error)

    conf = config(args, **{"enable.idempotence": True, "error_cb": on_error})
    transactional_id = args["transactional.id"]
    if transactional_id:
        conf["transactional.id"] = transactional_id
    producer = Producer(conf)
    if transactional_id:
        producer.init_transactions(deadline.seconds_left())
        producer.begin_transaction()
    for i in range(int(args["count"])):
        reports = []
        producer.produce(
            args["topic"],
            key="k%d" % i,
            value="%s%d" % (bytes.fromhex(args["value.prefix.hex"]).decode(), i),
            on_delivery=lambda error, message: reports.append((error, message)),
        )
        while not reports:
            producer.poll(0.1)
            if fatal:
                raise KafkaException(fatal[0])
            deadline.check("record %d was not acknowledged" % i)
        error, message = reports[0]
        if error:
            raise KafkaException(error)
        probe.event("acked", partition=message.partition(), offset=message.offset())
    if transactional_id:
        producer.commit_transaction(deadline.seconds_left())


def write(args, deadline):
    for compression in args["compressions"].split(","):
        producer = Producer(
            config(
                args,
                **{"enable.idempotence": True, "compression.type": compression},
            )
        )
        for key, value in probe.records(args):
            reports = []
            producer.produce(
                args["topic"],
                key=key,
                value=value,
                on_delivery=lambda error, message: reports.append((error, message)),
            )
            while not reports:
                producer.poll(0.1)
                deadline.check("a record was neither acknowledged nor refused")
            error, message = reports[0]
            if error:
                probe.event("error", code=error.name(), message=error.str())
            else:
                probe.event("acked", partition=message.partition(), offset=message.offset())


def consume(args, deadline):
    consumer = Consumer(
        config(
            args,
            **{
                "group.id": args["group"],
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
            },
        )
    )
    to_the_end = args["to.the.end"] == "true"
    ended = set()
    try:
        consumer.subscribe(args["topic"].split(","))
        missing = int(args["count"])
        while missing > 0 or (to_the_end and len(ended) < len(consumer.assignment())):
            message = consumer.poll(0.2)
            if message is None:
                deadline.check("%d records are missing, %s ended" % (missing, ended))
                continue
            if message.error() and message.error().code() == KafkaError._PARTITION_EOF:
                ended.add((message.topic(), message.partition()))
                continue
            if message.error():
                raise KafkaException(message.error())
            probe.event(
                "record",
                partition=message.partition(),
                offset=message.offset(),
                key=probe.text(message.key()),
                value=probe.text(message.value()),
            )
            missing -= 1
        consumer.commit(asynchronous=False)
    finally:
        consumer.close()


def describe(args, deadline):
    admin = AdminClient(config(args))
    for name in admin.list_topics(timeout=deadline.seconds_left()).topics:
        probe.event("topic", name=name)
    if args["group"]:
        for group in admin.list_groups(args["group"], timeout=deadline.seconds_left()):
            if group.error:
                raise KafkaException(group.error)
            probe.event("group", name=group.id)


def code_of(failure):
    if isinstance(failure, KafkaException):
        name = failure.args[0].name()
        # librdkafka's own error, for what the broker calls by this name
        return "SASL_AUTHENTICATION_FAILED" if name == "_AUTHENTICATION" else name
    return type(failure).__name__


probe.run({"produce": produce, "write": write, "consume": consume, "describe": describe}, code_of)
