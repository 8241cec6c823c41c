// Runs one task with kafkajs.
import kafkajs from 'kafkajs'
import { args, event, records, run, tls } from './probe.mjs'

const { CompressionTypes, Kafka, logLevel } = kafkajs

const kafka = new Kafka({
  clientId: 'kafkajs-probe',
  brokers: args.bootstrap.split(','),
  ssl: tls(),
  sasl: sasl(),
  logLevel: logLevel.NOTHING,
  retry: { initialRetryTime: 50, retries: 5 }
})

function sasl () {
  if (args.token) {
    return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: args.token }) }
  }
  return args.user
    ? { mechanism: args.mechanism.toLowerCase(), username: args.user, password: args.password }
    : undefined
}

async function produce () {
  const transactionalId = args['transactional.id'] || undefined
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, transactionalId })
  await producer.connect()
  const sender = transactionalId ? await producer.transaction() : producer
  for (let i = 0; i < Number(args.count); i++) {
    const messages = [{ key: 'k' + i, value: Buffer.from(args['value.prefix.hex'], 'hex').toString() + i }]
    for (const acked of await sender.send({ topic: args.topic, messages, acks: -1 })) {
      event('acked', { partition: acked.partition, offset: Number(acked.baseOffset) })
    }
  }
  if (transactionalId) {
    await sender.commit()
  }
  await producer.disconnect()
}

async function write () {
  for (const name of args.compressions.split(',')) {
    const compression = name === 'none' ? CompressionTypes.None : CompressionTypes[name.toUpperCase()]
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    for (const [key, value] of records()) {
      try {
        const messages = [{ key: key ?? null, value }]
        for (const acked of await producer.send({ topic: args.topic, messages, acks: -1, compression })) {
          event('acked', { partition: acked.partition, offset: Number(acked.baseOffset) })
        }
      } catch (failure) {
        event('error', { code: codeOf(failure), message: String(failure.message) })
      }
    }
    await producer.disconnect()
  }
}

async function consume () {
  const consumer = kafka.consumer({ groupId: args.group, maxWaitTimeInMs: 200 })
  await consumer.connect()
  await consumer.subscribe({ topics: args.topic.split(','), fromBeginning: true })
  let missing = Number(args.count)
  const toTheEnd = args['to.the.end'] === 'true'
  let fetches = 0
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, crash => reject(crash.payload.error))
    consumer.on(consumer.events.FETCH_START, () => {
      // it fetches when it is through with what it got before: at the second start it is through with what one more fetch brought
      if (toTheEnd && missing <= 0 && ++fetches === 2) {
        resolve()
      }
    })
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          event('record', {
            partition,
            offset: Number(message.offset),
            key: message.key?.toString(),
            value: message.value?.toString()
          })
          if (--missing === 0 && !toTheEnd) {
            resolve()
          }
        }
      })
      .catch(reject)
  })
  await consumer.disconnect()
}

async function describe () {
  const admin = kafka.admin()
  await admin.connect()
  for (const name of await admin.listTopics()) {
    event('topic', { name })
  }
  if (args.group) {
    const { groups } = await admin.describeGroups([args.group])
    for (const group of groups) {
      if (group.errorCode !== 0) {
        throw new kafkajs.KafkaJSError('group ' + group.groupId + ' answers with error ' + group.errorCode)
      }
      event('group', { name: group.groupId })
    }
  }
  await admin.disconnect()
}

/** Its errors wrap each other; the type that the broker gave is on one of them. */
function codeOf (failure) {
  for (let error = failure; error; error = error.cause ?? error.originalError) {
    if (error.type) {
      return error.type
    }
  }
  return failure.name === 'KafkaJSSASLAuthenticationError' ? 'SASL_AUTHENTICATION_FAILED' : failure.name
}

await run({ produce, write, consume, describe }, codeOf)
