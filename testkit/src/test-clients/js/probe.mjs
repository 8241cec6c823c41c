// What the JavaScript probes share: their arguments, and the events they print as one JSON object per line.
import { readFileSync } from 'node:fs'

export const args = Object.fromEntries(
  process.argv.slice(2).map(argument => {
    const equals = argument.indexOf('=')
    return [argument.slice(0, equals), argument.slice(equals + 1)]
  })
)

export const timeoutMillis = Number(args['timeout.millis'])

export function event (name, fields = {}) {
  process.stdout.write(JSON.stringify({ event: name, ...fields }) + '\n')
}

/** The options of Node's TLS, or undefined for a connection without it. */
export function tls () {
  if (!args.ca) {
    return undefined
  }
  const options = { ca: [readFileSync(args.ca, 'utf8')] }
  if (args.certificate) {
    options.cert = readFileSync(args.certificate, 'utf8')
    options.key = readFileSync(args.key, 'utf8')
  }
  return options
}

/** What to write, as pairs of key and value; the key may be undefined. */
export function records () {
  return args.records.split(',').map(record => {
    const [key, value] = record.split(':')
    return [key === '-' ? undefined : Buffer.from(key, 'hex'), Buffer.from(value, 'hex')]
  })
}

/** Does the action that the arguments name. codeOf gives the name of Kafka's error for an exception. */
export async function run (actions, codeOf) {
  let timer
  const timeout = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('not done within ' + timeoutMillis + ' ms')), timeoutMillis)
  })
  try {
    await Promise.race([actions[args.action](), timeout])
    event('done')
  } catch (failure) {
    event('error', { code: codeOf(failure), message: String(failure.message) })
    process.exitCode = 1
  }
  clearTimeout(timer)
  // A library may keep retrying in the background; the task is over.
  process.stdout.write('', () => process.exit())
}
