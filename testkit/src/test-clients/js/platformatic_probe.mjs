// Runs one task with @platformatic/kafka.
import { Admin, Consumer, MessagesStreamModes, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { args, event, records, run, tls } from './probe.mjs'

const connection = {
  clientId: 'platformatic-probe',
  bootstrapBrokers: args.bootstrap.split(','),
  retries: 5,
  retryDelay: 100,
  ...(args.ca ? { tls: tls() } : {}),
  ...(args.mechanism ? { sasl: sasl() } : {})
}

function sasl () {
  return args.token
    ? { mechanism: args.mechanism, token: args.token }
    : { mechanism: args.mechanism, username: args.user, password: args.password }
}

async function produce () {
  const transactionalId = args['transactional.id'] || undefined
  const producer = new Producer({
    ...connection,
    serializers: stringSerializers,
    idempotent: true,
    ...(transactionalId ? { transactionalId } : {})
  })
  const sender = transactionalId ? await producer.beginTransaction() : producer
  for (let i = 0; i < Number(args.count); i++) {
    const messages = [{ topic: args.topic, key: 'k' + i, value: Buffer.from(args['value.prefix.hex'], 'hex').toString() + i }]
    const { offsets } = await sender.send({ messages })
    for (const acked of offsets) {
      event('acked', { partition: acked.partition, offset: Number(acked.offset) })
    }
  }
  if (transactionalId) {
    await sender.commit()
  }
  await producer.close()
}

async function write () {
  for (const compression of args.compressions.split(',')) {
    const producer = new Producer({ ...connection, idempotent: true, compression })
    for (const [key, value] of records()) {
      try {
        const { offsets } = await producer.send({ messages: [{ topic: args.topic, key, value }] })
        for (const acked of offsets) {
          event('acked', { partition: acked.partition, offset: Number(acked.offset) })
        }
      } catch (failure) {
        event('error', { code: codeOf(failure), message: String(failure.message) })
      }
    }
    await producer.close()
  }
}

async function consume () {
  const consumer = new Consumer({
    ...connection,
    groupId: args.group,
    deserializers: stringDeserializers,
    maxWaitTime: 200,
    autocommit: true
  })
  const stream = await consumer.consume({ topics: args.topic.split(','), mode: MessagesStreamModes.EARLIEST })
  let missing = Number(args.count)
  for await (const message of stream) {
    event('record', {
      partition: message.partition,
      offset: Number(message.offset),
      key: message.key,
      value: message.value
    })
    if (--missing === 0) {
      break
    }
  }
  await consumer.close(true)
}

async function describe () {
  const admin = new Admin(connection)
  for (const name of await admin.listTopics()) {
    event('topic', { name })
  }
  if (args.group) {
    for (const name of (await admin.describeGroups({ groups: [args.group] })).keys()) {
      event('group', { name })
    }
  }
  await admin.close()
}

/** Its errors hold each other, some of them several; the name that the protocol gives is on one of them. */
function codeOf (failure) {
  const open = [failure]
  while (open.length > 0) {
    const error = open.shift()
    if (error.apiId) {
      return error.apiId
    }
    open.push(...(error.errors ?? []), ...(error.cause ? [error.cause] : []))
  }
  return failure.code ?? failure.name
}

await run({ produce, write, consume, describe }, codeOf)
