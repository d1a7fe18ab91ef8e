// Twilio's own library for Node, unmodified, at the end of a pipe: one request a
// line comes in as JSON, one answer a line goes out. foreign_test.go says what is
// asked; names of parameters are those of the REST API.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const require = createRequire(process.env.MODULES + '/')
const twilio = require('twilio')
const { AccessToken } = twilio.jwt
let client

// The library's host is fixed; everything else is left as it is.
class Elsewhere extends twilio.RequestClient {
  constructor(base) {
    super()
    this.base = base
  }
  request(options) {
    return super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', this.base) })
  }
}

const fields = ['sid', 'callSid', 'status', 'direction', 'to', 'from', 'hold', 'muted', 'friendlyName', 'conferenceSid',
  'reasonConferenceEnded', 'duration', 'secret']
const snake = (name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
const camel = (name) => name.replace(/_([a-z])/g, (_, c) => c.toUpperCase())
const argument = ([name, value]) => [name[0].toLowerCase() + name.slice(1), value]

function shown(resource) {
  const found = Object.fromEntries(fields.filter((f) => resource[f] != null).map((f) => [snake(f), resource[f]]))
  if (resource.dateCreated) found.created = Math.floor(resource.dateCreated.getTime() / 1000)
  return found
}

const operations = {
  use(a) {
    client = twilio(a.User, a.Password, { accountSid: a.Account, httpClient: new Elsewhere(a.Base) })
    return {}
  },
  async rest(a) {
    let target = client
    for (let i = 0; i < a.On.length; i += 2) {
      const name = camel(a.On[i])
      target = i + 1 < a.On.length ? target[name](a.On[i + 1]) : target[name]
    }
    const options = Object.fromEntries(Object.entries(a.With ?? {}).map(argument))
    const method = a.Do === 'delete' ? 'remove' : a.Do
    const result = await (Object.keys(options).length ? target[method](options) : target[method]())
    if (Array.isArray(result)) return { list: result.map(shown) }
    return typeof result === 'boolean' ? {} : shown(result)
  },
  twiml(a) {
    const response = new twilio.twiml.VoiceResponse()
    response.dial({ action: a.Action }).conference({
      beep: false, startConferenceOnEnter: true, waitUrl: a.Wait,
      statusCallback: a.Events, statusCallbackEvent: 'start end join leave hold mute',
    }, a.Room)
    return { text: response.toString() }
  },
  token(a) {
    const made = new AccessToken(a.Account, a.Key, a.Secret, { identity: a.Identity, ttl: 600 })
    made.addGrant(new AccessToken.VoiceGrant({ incomingAllow: true, outgoingApplicationSid: a.Application }))
    return { text: made.toJwt() }
  },
  // The library reads no tokens; this is what it makes them with.
  read_token(a) {
    const claims = require('jsonwebtoken').verify(a.Token, a.Secret, { algorithms: [AccessToken.DEFAULT_ALGORITHM] })
    return { identity: claims.grants.identity, account: claims.sub, key: claims.iss }
  },
  validate: (a) => ({ valid: twilio.validateRequest(a.Secret, a.Signature, a.Url, a.Form) }),
  sign: (a) => ({ text: twilio.getExpectedTwilioSignature(a.Secret, a.Url, a.Form) }),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { op, args } = JSON.parse(line)
  let answer
  try {
    answer = { ok: await operations[op](args) }
  } catch (error) {
    answer = error instanceof twilio.RestException ? { status: error.status, code: error.code } : { broken: String(error.stack) }
  }
  console.log(JSON.stringify(answer))
}
