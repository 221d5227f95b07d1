// An exchange with MQTT.js over WebSocket: what a browser's page does.
//   node mqttjs_exchange.js URL PROTOCOL_VERSION
// Prints one line for every check and "all checks passed" last; any failure ends with exit code 1.
'use strict'

const assert = require('assert')
const mqtt = require('mqtt')

const [url, version] = [process.argv[2], Number(process.argv[3])]
const limit = setTimeout(() => fail(new Error('nothing happened for a minute')), 60000)

function fail (error) {
  console.log('FAILED', error)
  process.exit(1)
}

function check (name, actual, expected) {
  assert.deepStrictEqual(actual, expected, `${name}: ${JSON.stringify(actual)}`)
  console.log('ok', name)
}

// A client whose messages are awaited one by one.
function connect (clientId) {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(url, { clientId, protocolVersion: version, reconnectPeriod: 0, clean: true })
    const arrived = []
    const waiting = []
    client.on('message', (topic, payload, packet) => {
      const message = { topic, payload, qos: packet.qos, retain: packet.retain, properties: packet.properties }
      if (waiting.length > 0) waiting.shift()(message)
      else arrived.push(message)
    })
    client.on('error', reject)
    client.on('connect', () => resolve({
      message: () => new Promise(resolve => arrived.length > 0 ? resolve(arrived.shift()) : waiting.push(resolve)),
      publish: (topic, payload, options) => new Promise((resolve, reject) =>
        client.publish(topic, payload, options, error => error ? reject(error) : resolve())),
      subscribe: (filter, options) => new Promise((resolve, reject) =>
        client.subscribe(filter, options, (error, granted) => error ? reject(error) : resolve(granted[0].qos))),
      unsubscribe: filter => new Promise((resolve, reject) =>
        client.unsubscribe(filter, error => error ? reject(error) : resolve())),
      end: () => new Promise(resolve => client.end(false, {}, resolve))
    }))
  })
}

async function main () {
  const reader = await connect('page-reader')
  const writer = await connect('page-writer')
  check('grant', await reader.subscribe('page/#', { qos: 2 }), 2)

  for (const qos of [0, 1, 2]) {
    for (const length of [1, 125, 126, 65535, 65536, 200000]) {
      const payload = Buffer.alloc(length, index => index)
      for (let index = 0; index < length; index++) payload[index] = index * 31 % 256
      await writer.publish(`page/${qos}/${length}`, payload, { qos })
      const message = await reader.message()
      check(`live QoS ${qos}, ${length} bytes`, [message.topic, message.qos, message.retain, message.payload.equals(payload)],
        [`page/${qos}/${length}`, qos, false, true])
    }
  }

  const burst = 500
  const sent = []
  for (let number = 0; number < burst; number++) sent.push(writer.publish('page/order', String(number), { qos: 1 }))
  await Promise.all(sent)
  for (let number = 0; number < burst; number++) {
    const message = await reader.message()
    if (message.payload.toString() !== String(number)) fail(new Error(`message ${number} is ${message.payload}`))
  }
  console.log('ok order')

  await writer.publish('kept/here', 'still', { qos: 1, retain: true })
  check('grant of kept', await reader.subscribe('kept/+', { qos: 1 }), 1)
  const kept = await reader.message()
  check('retained', [kept.topic, kept.payload.toString(), kept.retain], ['kept/here', 'still', true])

  await reader.unsubscribe('page/#')
  await writer.publish('page/unheard', '', { qos: 1 })
  await writer.publish('kept/fence', '', { qos: 1 })
  check('unsubscribed', (await reader.message()).topic, 'kept/fence')

  if (version === 5) {
    const properties = { userProperties: { a: '1' }, contentType: 'text/plain', correlationData: Buffer.from([1, 2, 3]) }
    await writer.publish('kept/properties', 'x', { qos: 1, properties })
    const found = (await reader.message()).properties
    check('properties', [found.userProperties.a, found.contentType, [...found.correlationData]], ['1', 'text/plain', [1, 2, 3]])
  }
  await reader.end()
  await writer.end()
  clearTimeout(limit)
  console.log('all checks passed')
}

main().catch(fail)
