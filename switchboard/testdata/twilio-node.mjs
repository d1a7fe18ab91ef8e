// An application written with Twilio's own library for Node, unmodified, that
// takes the switchboard for Twilio. Any difference that the library can see ends
// it with an error. Go's TestTwilioNode runs it and answers its phone.
import assert from 'node:assert/strict'
import http from 'node:http'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const { BASE, MODULES, ACCOUNT, TOKEN, KEY, SECRET, APP, LINE } = process.env
const twilio = createRequire(MODULES + '/')('twilio')

// The library's host is fixed; everything else is left as it is.
class Elsewhere extends twilio.RequestClient {
  request(opts) {
    return super.request({ ...opts, uri: opts.uri.replace('https://api.twilio.com', BASE) })
  }
}

const client = (user, password) => twilio(user, password, { accountSid: ACCOUNT, httpClient: new Elsewhere() })
const account = client(ACCOUNT, TOKEN)
const withKey = client(KEY, SECRET)

// The webhooks: checked by the library, answered with its own TwiML.
const hooks = []
const watchers = new Set()
const server = http.createServer((req, res) => {
  let body = ''
  req.on('data', (chunk) => (body += chunk))
  req.on('end', () => {
    const params = Object.fromEntries(new URLSearchParams(body))
    const signed = twilio.validateRequest(TOKEN, req.headers['x-twilio-signature'] ?? '', site + req.url, params)
    hooks.push({ path: req.url.split('?')[0], params, signed })
    for (const look of watchers) look()
    const response = new twilio.twiml.VoiceResponse()
    if (req.url.startsWith('/agent')) {
      response.dial({ action: '/after' }).conference({
        startConferenceOnEnter: true, waitUrl: '', beep: false,
        statusCallback: '/events', statusCallbackEvent: 'start end join leave hold mute',
      }, 'node room')
    } else {
      response.hangup()
    }
    res.setHeader('Content-Type', 'text/xml')
    res.end(response.toString())
  })
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const site = `http://127.0.0.1:${server.address().port}`

// hook waits for a webhook with these parameters.
const hook = (path, want) => new Promise((resolve) => {
  const look = () => {
    const found = hooks.find((h) => h.path === path && Object.entries(want).every(([k, v]) => h.params[k] === v))
    if (!found) return
    watchers.delete(look)
    resolve(found)
  }
  watchers.add(look)
  look()
})

const refusal = async (promise, status, code) => {
  const err = await promise.then(() => assert.fail(`not refused with ${code}`), (e) => e)
  assert.equal(err.status, status, String(err))
  assert.equal(err.code, code, String(err))
}

// A token of the library's own making, for the phone.
const { AccessToken } = twilio.jwt
const token = new AccessToken(ACCOUNT, KEY, SECRET, { identity: 'nodeagent', ttl: 300 })
token.addGrant(new AccessToken.VoiceGrant({ incomingAllow: true, outgoingApplicationSid: APP, outgoingApplicationParams: { a: '1' } }))
console.log(token.toJwt())
await new Promise((resolve) => createInterface({ input: process.stdin }).once('line', resolve))

// 6.2.0's records of new things do not know their own SID when asked for more:
// resources are always named afresh here.
const made = await withKey.calls.create({
  to: 'client:nodeagent?leg=7', from: LINE, url: `${site}/agent?x=a%20b`, timeout: 20,
  statusCallback: `${site}/status`, statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
})
assert.equal(made.status, 'queued')
assert.equal(made.direction, 'outbound-api')
assert.ok(made.dateCreated instanceof Date && !Number.isNaN(made.dateCreated.getTime()))
const { sid } = made
const call = account.calls(sid)
const joined = await hook('/events', { StatusCallbackEvent: 'participant-join', CallSid: sid })
assert.equal((await call.fetch()).status, 'in-progress')
await hook('/agent', { CallSid: sid, leg: '7', CallStatus: 'in-progress' })

const [conference, ...others] = await account.conferences.list({ friendlyName: 'node room' })
assert.equal(conference.sid, joined.params.ConferenceSid)
assert.equal(conference.status, 'init')
assert.equal(others.length, 0)
const room = account.conferences(conference.sid)
const [first] = await room.participants.list()
assert.equal(first.callSid, sid)
const participant = room.participants(sid)
assert.equal((await participant.update({ hold: true, muted: true })).hold, true)
await hook('/events', { StatusCallbackEvent: 'participant-hold', CallSid: sid })
assert.equal((await room.participants.list({ hold: true })).length, 1)
assert.equal((await participant.update({ hold: false })).muted, true)

assert.equal((await call.update({ twiml: '<Response><Pause length="30"/></Response>' })).status, 'in-progress')
await hook('/events', { ReasonParticipantLeft: 'participant_updated_via_api', CallSid: sid })
await hook('/events', { ReasonConferenceEnded: 'last-participant-kicked' })
assert.equal((await room.fetch()).reasonConferenceEnded, 'last-participant-kicked')
await refusal(participant.fetch(), 404, 20404)

assert.equal((await call.update({ status: 'completed' })).status, 'completed')
await hook('/status', { CallSid: sid, CallStatus: 'completed', SequenceNumber: '3' })
await refusal(call.update({ status: 'completed' }), 400, 21220)

const absent = await account.calls.create({ to: 'client:absent', from: LINE, twiml: '<Response/>', statusCallback: `${site}/status` })
await hook('/status', { CallSid: absent.sid, CallStatus: 'failed', SipResponseCode: '404' })
const all = await account.calls.list({ pageSize: 1 })
assert.deepEqual(all.map((c) => c.sid), [absent.sid, sid])
assert.equal((await account.calls.list({ status: 'failed' })).length, 1)
assert.equal((await account.calls.list({ startTimeAfter: new Date(Date.now() - 86_400_000) })).length, 1)

const key = await account.newKeys.create({ friendlyName: 'made by node' })
assert.equal((await client(key.sid, key.secret).calls(sid).fetch()).sid, sid)
await refusal(client(ACCOUNT, 'wrong').calls.list(), 401, 20003)
await refusal(account.calls('CA00000000000000000000000000000000').fetch(), 404, 20404)
await refusal(account.calls.create({ to: 'client:x', from: '+15559999', url: site }), 400, 21210)
await refusal(account.calls.create({ to: 'client:x', from: LINE, url: 'nowhere' }), 400, 21205)

assert.deepEqual(hooks.filter((h) => !h.signed).map((h) => h.path), [], 'every webhook is signed')
server.close()
process.exit(0)
