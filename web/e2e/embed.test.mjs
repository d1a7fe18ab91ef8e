// The call button on somebody else's site, as docs/embedding.md gives it.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { Browser, hears, Person } from './lib/people.mjs'
import { available } from './lib/scenes.mjs'
import { shot, story } from './lib/story.mjs'
import { eventually } from './lib/wait.mjs'
import { tones } from './lib/voices.mjs'

/** The shop's one page, and where its script is to come from. */
let desk = ''
const docs = await readFile(new URL('../../docs/embedding.md', import.meta.url), 'utf8')
const [snippet, , crm] = [...docs.matchAll(/```html\n(.*?)\n```/gs)].map((found) => found[1])
const shop = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html')
  if (request.url === '/crm') {
    const page = crm.replaceAll('https://desk.example.com', desk).replace('https://crm.example.com', `${origin}&agent=agent1`)
    return response.end(`<!doctype html><html lang="en"><title>CRM</title><script>var told = []; console.log = (...what) => told.push(what)</script>${page}</html>`)
  }
  if (request.url !== '/') return response.writeHead(204).end()
  response.end(`<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
    <script>var told = []; addEventListener('desk', (event) => told.push(event.detail.event))</script>
    ${snippet.replaceAll('https://desk.example.com', desk)}</html>`)
})
await new Promise((listening) => shop.listen(0, '127.0.0.1', listening))
const origin = `http://127.0.0.1:${shop.address().port}`
after(() => shop.close())

const key = 'the key that the shop signs visitors by'
const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = `${text({ alg: 'HS256' })}.${text({ name: 'Dana Reyes', exp: Math.floor(Date.now() / 1000) + 600 })}`
const ctx = `${claims}.${createHmac('sha256', key).update(claims).digest('base64url')}`

/** A browser that has blocked the microphone, until it is allowed. */
function blocked() {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  const status = Object.assign(new EventTarget(), { state: 'denied' })
  navigator.permissions.query = async () => status
  navigator.mediaDevices.getUserMedia = (wish) => (status.state === 'granted' ? real(wish) : Promise.reject(new DOMException('no', 'NotAllowedError')))
  window.allowed = () => {
    status.state = 'granted'
    status.dispatchEvent(new Event('change'))
  }
}

const env = { EMBED_ORIGINS: origin, EMBED_KEY: key }

/** agent opens an agent's page in the CRM, as docs/embedding.md gives it. */
async function agent(browser) {
  const page = await browser.goto(`${origin}/crm`)
  const frame = await eventually('the desk is in the CRM', () => page.frames().find((one) => one.url().startsWith(`${desk}/as/agent1`)))
  const Ana = new Person('Ana', browser, frame)
  await frame.getByText('Use my microphone in this tab').click()
  await available(Ana)
  return { Ana, ask: (command, details) => page.evaluate(([name, more]) => ask(name, more), [command, details]), heard: () => page.evaluate('told') }
}

story('a shop embeds the desk, and its CRM an agent', {}, async ({ server }) => {
  desk = server.url
  const [browser, office] = await Promise.all([Browser.open(tones.Dana), Browser.open(tones.Ana)])
  const headers = { 'Warmdesk-Agent': 'agent1' }
  const of = async (path) => (await fetch(`${server.url}/api/${path}`, { headers })).json()
  const set = async (section, fields) => {
    const { version } = await of('settings')
    const body = JSON.stringify({ version, set: fields })
    const { status } = await fetch(`${server.url}/api/settings/${section}`, { method: 'PATCH', headers: { ...headers, 'Content-Type': 'application/json' }, body })
    assert.equal(status, 200, section)
  }
  try {
    await set('embed', { agentOrigins: [origin] })
    const { Ana, ask, heard } = await agent(office)
    await browser.context.addInitScript(blocked)
    const page = await browser.goto(origin)
    const told = () => page.evaluate('told')
    const button = page.getByRole('button', { name: 'Call us' })
    await button.focus()
    await page.keyboard.press('Enter')
    const frame = await eventually('the frame is there', () => page.frames().find((one) => one.url().startsWith(`${desk}/call`)))
    const Dana = new Person('Dana', browser, frame)
    await eventually('it is ready', async () => (await told()).includes('ready'))
    await page.evaluate((signed) => window.desk.open({ topic: 'Invoice 1042', ctx: signed }), ctx)
    // The microphone is blocked: her place is kept from the press on, and she has it once it is allowed.
    await frame.getByRole('checkbox', { name: 'Use my microphone in this tab' }).check()
    const pressed = Date.now()
    await Dana.press('Call now')
    await Dana.see(/^Your microphone is blocked, so we can't hear you\./)
    await Dana.see(/^Your place in line is kept for 0:5\d\.$/)
    await frame.evaluate('allowed()')
    await Ana.see(/^Dana Reyes is calling\./)
    await Ana.see('Verified')
    const [{ waitingSince }] = (await of('agents/agent1/snapshot')).calls
    assert.ok(Date.parse(waitingSince) - pressed < 1_000, `asked at ${new Date(pressed).toISOString()}, waits since ${waitingSince}`)
    assert.equal(await ask('answer'), undefined)
    await eventually('they speak', async () => (await told()).includes('connected'))
    await hears([Dana], { Dana: 'Ana' })
    await shot(Dana, 'embed')

    // Escape, in the frame and around it, makes the call small and no more.
    await frame.getByRole('button', { name: 'Mute' }).focus()
    await page.keyboard.press('Escape')
    await eventually('it is small', async () => (await button.getAttribute('aria-expanded')) === 'false')
    await hears([Dana], { Dana: 'Ana' })

    // Nobody else is listened to: not a message that only says it is the desk's.
    await page.evaluate("postMessage({ warmdesk: { event: 'ended' } }, '*')")
    await page.evaluate('desk.open()')
    assert.equal(await ask('complete'), 'That cannot be done now.')
    assert.equal(await ask('hold'), undefined)
    await eventually('she waits', async () => (await told()).includes('hold'))
    await Dana.press('End')
    await Dana.see(/^Call ended - /)
    assert.deepEqual(await told(), ['ready', 'ringing', 'connected', 'hold', 'ended'])

    await frame.getByRole('radio', { name: '4' }).check()
    await Dana.press('Send rating')
    await Dana.see('Thank you for your rating.')
    const { calls } = await of('calls.json')
    await eventually('the CRM has heard of it all', async () => (await heard()).some(([event]) => event === 'ended'))
    const ours = (await heard()).filter(([event]) => event !== 'status')
    assert.deepEqual(ours.map(([event]) => event), ['ready', 'ringing', 'connected', 'hold', 'ended'])
    assert.deepEqual(ours[1][1], { call: calls[0].id, from: { name: 'Dana Reyes', number: '', phone: '', reference: '', verified: true }, topic: 'Invoice 1042' })
    assert.deepEqual([calls[0].rating, calls[0].topic], [4, 'Invoice 1042'])
    // The desk closes: who comes then asks to be called back, without a call.
    const days = Array.from({ length: 7 }, (_, day) => (day === (new Date().getUTCDay() + 2) % 7 ? '09:00-10:00' : ''))
    await set('routing', { hours: { zone: 'UTC', days } })
    const later = new Person('Dana', browser, await browser.goto(`${server.url}/call?name=Dana&topic=Invoice`))
    await later.page.getByLabel('Your number').fill('+49 30 123456')
    await later.page.getByLabel('When it suits you (optional)').fill('after 10')
    await shot(later, 'closed')
    await later.press('Call me back')
    await later.see(/^Thank you\. We'll call you back by /)
    await Ana.see('Dana wants to be called back at +4930123456.')
    await Ana.see('Invoice · When it suits: after 10')
    // These pages load nothing but the desk's.
    const known = [desk, desk.replace('http', 'ws')].map((from) => `foreign: ${from}/`)
    assert.deepEqual([...browser.complaints, ...office.complaints].filter((one) => !known.some((from) => one.startsWith(from))), [])
  } catch (error) {
    const texts = [browser, office].flatMap((one) => one.context.pages()).flatMap((page) => page.frames()).map((one) => one.locator('body').innerText({ timeout: 1_000 }).catch(() => '(gone)'))
    error.message += `\n${(await Promise.all(texts)).join(' | ')}\n${browser.complaints.join('\n')}`
    throw error
  } finally {
    await Promise.all([browser.close(), office.close()])
  }
}, { env })
