// Stands for Cloudflare: publishes the keys of Access, signs for people and devices, and brings their connections to the broker.
//   node access_edge.js KEYS_PORT PAGES_URL DEVICES_URL ISSUER AUDIENCE ORIGIN CERTIFICATE KEY
// Prints "serving" when keys can be had, one line for every check and "all checks passed" last; any failure ends with exit code 1.
'use strict'

const assert = require('assert')
const crypto = require('crypto')
const fs = require('fs')
const https = require('https')
const mqtt = require('mqtt')
const net = require('net')

const [keysPort, pages, devices, issuer, audience, origin, certificate, key] = process.argv.slice(2)
const limit = setTimeout(() => fail(new Error('two minutes are over')), 120000)
const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))
const now = () => Math.floor(Date.now() / 1000)

function fail (error) {
  console.log('FAILED', error)
  process.exit(1)
}

function check (name, actual, expected) {
  assert.deepStrictEqual(actual, expected, `${name}: ${JSON.stringify(actual)}`)
  console.log('ok', name)
}

// Keys as the certs endpoint has them, and who signs with them.

function rsaKey (kid) {
  const pair = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid, alg: 'RS256', pair, sign: data => crypto.sign('sha256', data, pair.privateKey) }
}

function ecKey (kid) {
  const pair = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const sign = data => crypto.sign('sha256', data, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
  return { kid, alg: 'ES256', pair, sign }
}

function edKey (kid) {
  const pair = crypto.generateKeyPairSync('ed25519')
  return { kid, alg: 'EdDSA', pair, sign: data => crypto.sign(null, data, pair.privateKey) }
}

let published = []
let server

function serve () {
  const identity = { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }
  server = https.createServer(identity, (request, response) => {
    if (request.url !== '/cdn-cgi/access/certs') return response.writeHead(404).end()
    const keys = published.map(key =>
      ({ kid: key.kid, alg: key.alg, use: 'sig', ...key.pair.publicKey.export({ format: 'jwk' }) }))
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ keys, public_cert: { kid: '', cert: '' }, public_certs: [] }))
  })
  return new Promise((resolve, reject) => server.on('error', reject).listen(Number(keysPort), '127.0.0.1', resolve))
}

function token (key, claims) {
  const header = { alg: key.alg, kid: key.kid, typ: 'JWT' }
  const payload = { iss: issuer, aud: [audience], iat: now(), nbf: now(), exp: now() + 600, type: 'app', ...claims }
  const text = [header, payload].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return text + '.' + key.sign(Buffer.from(text)).toString('base64url')
}

// The result of a connection: a client, or why there is none.
function connect (url, headers, options = {}) {
  return new Promise(resolve => {
    const client = mqtt.connect(url, {
      protocolVersion: 5, reconnectPeriod: 0, connectTimeout: 30000, wsOptions: { headers, origin: options.origin }, ...options
    })
    client.on('error', error => { client.end(true); resolve({ refusal: error.code || error.message }) })
    // What the handshake was refused with.
    client.stream.on('error', error => resolve({ refusal: error.code || error.message }))
    client.on('close', () => resolve({ refusal: 'closed' }))
    client.on('connect', () => resolve({ client }))
  })
}

const assertion = text => ({ 'Cf-Access-Jwt-Assertion': text })
const refusal = async (...parameters) => (await connect(...parameters)).refusal
const end = client => new Promise(resolve => client.end(false, {}, resolve))

async function user (name, url, headers, options) {
  const { client, refusal } = await connect(url, headers, options)
  check(name, refusal, undefined)
  return client
}

// The rights in the page's aclfile: a tree for each user.
async function checkRights (client, name) {
  const message = new Promise(resolve => client.on('message', (topic, payload) => resolve([topic, String(payload)])))
  const subscribe = filter => new Promise(resolve => client.subscribe(filter, { qos: 1 }, (error, granted) =>
    resolve(error ? 'refused' : granted[0].qos)))
  check(`${name} subscribes to the own tree`, await subscribe(`${name}/#`), 1)
  check(`${name} subscribes to nobody else's`, [128, 135, 'refused'].includes(await subscribe('#')), true)
  client.publish(`${name}/door`, 'open', { qos: 1 })
  check(`${name} publishes`, await message, [`${name}/door`, 'open'])
}

// A key that is new is asked for at most every ten seconds.
async function eventually (name, url, makeHeaders) {
  for (;;) {
    const { client, refusal } = await connect(url, makeHeaders())
    if (client) {
      console.log('ok', name)
      return client
    }
    if (![135, 136].includes(refusal)) fail(new Error(`${name}: ${refusal}`))
    await wait(500)
  }
}

async function main () {
  const first = rsaKey('first')
  published = [rsaKey('other'), first]
  await serve()
  console.log('serving')
  const alice = { email: 'alice@example.com', sub: 'f174e90a' }
  const device = { common_name: 'e367826f.access', sub: '' }

  // The broker may still be starting.
  while (await refusal(devices, {}) === 'ECONNREFUSED') await wait(100)

  const page = await user('a person on a page', pages, assertion(token(first, alice)), { origin })
  await checkRights(page, 'alice@example.com')
  const machine = await user('a device', devices, assertion(token(first, device)))
  await checkRights(machine, 'e367826f.access')
  await end(machine)

  check('a device on the listener for pages', /403/.test(await refusal(pages, assertion(token(first, device)))), true)
  check('no token', await refusal(devices, {}), 135)
  check('no token, MQTT 3.1.1', await refusal(devices, {}, { protocolVersion: 4 }), 5)
  check('a name alone', await refusal(devices, {}, { username: 'alice@example.com' }), 135)
  const bad = {
    'another audience': token(first, { ...alice, aud: ['x'] }),
    'another issuer': token(first, { ...alice, iss: 'https://other.cloudflareaccess.com' }),
    'expired': token(first, { ...alice, exp: now() - 60 }),
    'not yet valid': token(first, { ...alice, nbf: now() + 60 }),
    'no name': token(first, { sub: 'x' }),
    'a name of two levels': token(first, { ...alice, email: 'alice/door' }),
    'another key': token(rsaKey('first'), alice),
    'no signature': token({ alg: 'none', kid: 'first', sign: () => Buffer.alloc(0) }, alice),
    'HMAC with the public key': token({
      alg: 'HS256',
      kid: 'first',
      sign: data => crypto.createHmac('sha256', first.pair.publicKey.export({ type: 'spki', format: 'pem' })).update(data).digest()
    }, alice)
  }
  for (const [name, text] of Object.entries(bad)) check(name, await refusal(devices, assertion(text)), 135)

  // Other places.
  await end(await user('a bearer token', devices, { Authorization: 'Bearer ' + token(first, device) }))
  await end(await user('a password', devices, {}, { username: 'any', password: token(first, device) }))
  await end(await user('MQTT 3.1.1', devices, assertion(token(first, device)), { protocolVersion: 4 }))

  // Keys change; then the issuer is gone; then it is back, with other keys of other kinds.
  const second = ecKey('second')
  published = [second]
  await end(await eventually('a new key', devices, () => assertion(token(second, device))))
  check('a key that was taken back', await refusal(devices, assertion(token(first, device))), 135)
  server.closeAllConnections?.()
  await new Promise(resolve => server.close(resolve))
  let lookCount = 0
  const outage = net.createServer(socket => { lookCount++; socket.destroy() })
  await new Promise(resolve => outage.listen(Number(keysPort), '127.0.0.1', resolve))
  const third = edKey('third')
  while (lookCount === 0) {
    check('a key that cannot be had', await refusal(devices, assertion(token(third, device))), 135)
    await wait(500)
  }
  await end(await user('the keys of before, in an outage', devices, assertion(token(second, device))))
  await new Promise(resolve => outage.close(resolve))
  published = [second, third]
  await serve()
  await end(await eventually('a key after the outage', devices, () => assertion(token(third, device))))

  // Bad tokens by the hundred change nothing for who is in.
  const flood = []
  for (let number = 0; number < 400; number++) flood.push(refusal(devices, assertion(bad['another key'] + number)))
  const echo = new Promise(resolve => page.once('message', topic => resolve(topic)))
  page.publish('alice@example.com/meanwhile', '', { qos: 1 })
  check('during a flood', await echo, 'alice@example.com/meanwhile')
  const answers = await Promise.all(flood)
  check('the flood is refused', answers.filter(answer => answer === undefined).length, 0)

  // The end of a token, two seconds from now with the leeway of thirty.
  const short = await user('a token that ends', devices, assertion(token(third, { ...device, exp: now() - 28 })))
  const goodbye = new Promise(resolve => short.on('disconnect', packet => resolve(packet.reasonCode)))
  check('the connection ends with it', await goodbye, 160)

  await end(page)
  clearTimeout(limit)
  server.closeAllConnections?.()
  server.close()
  console.log('all checks passed')
  process.exit(0)
}

main().catch(fail)
