// Twilio's own library for Node, unmodified, against the program as it is
// shipped: its account, its REST resources, its errors and its signatures.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import twilio from 'twilio'
import { Server } from './lib/server.mjs'
import { eventually } from './lib/wait.mjs'

let server
let account
let client

/** to gives the library another host than Twilio's; everything else is its own. */
function to(base, user, password) {
  class Elsewhere extends twilio.RequestClient {
    request(options) {
      return super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', base) })
    }
  }
  return twilio(user, password, { accountSid: account.TWILIO_ACCOUNT_SID, httpClient: new Elsewhere() })
}

before(async () => {
  server = await Server.start()
  account = await server.credentials()
  client = to(account.TWILIO_API_URL, account.TWILIO_ACCOUNT_SID, account.TWILIO_AUTH_TOKEN)
})
after(async () => assert.equal(await server.stop(), 0))

const hangUp = { twiml: '<Response><Hangup/></Response>' }
const nobody = () => client.calls.create({ to: 'client:nobody', from: account.TWILIO_NUMBER, ...hangUp })
const refused = (status, code) => (error) => {
  assert.ok(error instanceof twilio.RestException)
  assert.deepEqual([error.status, error.code], [status, code])
  assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`)
  assert.ok(error.message.length > 0)
  return true
}

test('the credentials command shows an account of its own', () => {
  assert.equal(account.TWILIO_API_URL, server.url.replace('localhost', '127.0.0.1'))
  for (const [name, prefix] of [['ACCOUNT', 'AC'], ['API_KEY', 'SK'], ['TWIML_APP', 'AP']]) {
    assert.match(account[`TWILIO_${name}_SID`], new RegExp(`^${prefix}[0-9a-f]{32}$`))
  }
})

test('a call to a browser that is not there is made, and fails', async () => {
  const begun = Date.now() - 1_000
  const made = await nobody()
  assert.match(made.sid, /^CA[0-9a-f]{32}$/)
  assert.equal(made.direction, 'outbound-api')
  assert.equal(made.to, 'client:nobody')
  assert.ok(made.dateCreated >= new Date(begun))
  const call = await eventually('the call fails', async () => {
    const now = await client.calls(made.sid).fetch()
    return now.status === 'failed' && now
  })
  assert.equal(call.duration, '0')
  assert.equal(call.uri, `/2010-04-01/Accounts/${account.TWILIO_ACCOUNT_SID}/Calls/${made.sid}.json`)
})

test('lists are filtered, and turned page by page', async () => {
  const made = [await nobody(), await nobody(), await nobody()].map(({ sid }) => sid)
  const all = (await client.calls.list({ to: 'client:nobody', pageSize: 2 })).map(({ sid }) => sid)
  for (const sid of made) assert.ok(all.includes(sid), `${sid} is listed`)
  assert.equal(new Set(all).size, all.length)
  assert.deepEqual(await client.calls.list({ to: 'client:somebody' }), [])
  assert.deepEqual(await client.calls.list({ status: 'in-progress' }), [])
  assert.deepEqual(await client.conferences.list({ status: 'in-progress' }), [])
  assert.equal((await client.calls.list({ limit: 1 })).length, 1)
})

test('an API key opens the same account', async () => {
  const keyed = to(account.TWILIO_API_URL, account.TWILIO_API_KEY_SID, account.TWILIO_API_KEY_SECRET)
  assert.ok(Array.isArray(await keyed.calls.list({ limit: 1 })))
  const wrong = to(account.TWILIO_API_URL, account.TWILIO_API_KEY_SID, 'wrong')
  await assert.rejects(wrong.calls.list(), refused(401, 20003))
})

test('refusals have the shape and the codes of Twilio', async () => {
  const unknown = '0'.repeat(32)
  const from = account.TWILIO_NUMBER
  await assert.rejects(client.calls(`CA${unknown}`).fetch(), refused(404, 20404))
  await assert.rejects(client.conferences(`CF${unknown}`).fetch(), refused(404, 20404))
  await assert.rejects(client.conferences(`CF${unknown}`).participants.list(), refused(404, 20404))
  await assert.rejects(client.calls.create({ to: '', from, ...hangUp }), refused(400, 21201))
  await assert.rejects(client.calls.create({ to: 'client:x', from, url: 'nowhere' }), refused(400, 21205))
  await assert.rejects(client.calls.create({ to: 'client:x', from: '+15559999', ...hangUp }), refused(400, 21210))
  const { sid } = await nobody()
  await eventually('the call has failed', async () => (await client.calls(sid).fetch()).status === 'failed')
  await assert.rejects(client.calls(sid).update({ status: 'completed' }), refused(400, 21220))
})

/** The vectors of twilio-voice-contract.md, which the Go code is tested with too. */
const vectors = [
  ['12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', 'vOEb5UThFn24KEfnOFLQY2AE5FY=', {
    Digits: '1234', CallSid: 'CA1234567890ABCDE', To: '+18005551212', Caller: '+14158675309', From: '+14158675309',
    ReasonConferenceEnded: 'test', Reason: 'Participant',
  }],
  ['secret-token', 'https://app.example.test/voice/inbound', 'nB1rCNRNstYp5cEbeERujrsyTV4=', {
    CallSid: 'CA00000000000000000000000000000001', CallStatus: 'ringing', From: '+15005550006', To: '+15005550001',
  }],
]

test('the library agrees with the vectors of the signature', () => {
  for (const [token, url, signature, params] of vectors) {
    assert.equal(twilio.getExpectedTwilioSignature(token, url, params), signature)
    assert.ok(twilio.validateRequest(token, signature, url, params))
    assert.ok(!twilio.validateRequest(token, signature, url, { ...params, From: '+1' }))
  }
})

test('the desk takes webhooks signed by the library, and no others', async () => {
  const url = `${server.url}/conference/connect/client`
  const params = {
    AccountSid: account.TWILIO_ACCOUNT_SID, CallSid: `CA${'c'.repeat(32)}`, CallStatus: 'ringing', Direction: 'inbound',
    From: '+15005550001', To: account.TWILIO_NUMBER, ApiVersion: '2010-04-01',
  }
  const post = (signature) =>
    fetch(url, { method: 'POST', body: new URLSearchParams(params), headers: { 'X-Twilio-Signature': signature } })
  const right = twilio.getExpectedTwilioSignature(account.TWILIO_AUTH_TOKEN, url, params)
  const answer = await post(right)
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type'), /^(text|application)\/xml/)
  assert.match(await answer.text(), new RegExp(`<Dial [^>]*action="[^"]+"[^>]*><Conference [^>]*>${params.CallSid}</Conference>`))
  const wrong = twilio.getExpectedTwilioSignature('another token', url, params)
  assert.equal((await post(wrong)).status, 403)
  assert.equal((await post('')).status, 403)
})
