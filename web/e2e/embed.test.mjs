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
const snippet = /```html\n(.*?)\n```/s.exec(docs)[1]
const shop = createServer((request, response) => {
  if (request.url !== '/') return response.writeHead(204).end()
  response.setHeader('Content-Type', 'text/html')
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
const env = { EMBED_ORIGINS: origin, EMBED_KEY: key }

story('a shop embeds the desk', { Ana: '/as/agent1?mic=real' }, async ({ server, Ana }) => {
  desk = server.url
  await available(Ana)
  const browser = await Browser.open(tones.Dana)
  try {
    const page = await browser.goto(origin)
    const told = () => page.evaluate('told')
    const button = page.getByRole('button', { name: 'Call us' })
    await button.focus()
    await page.keyboard.press('Enter')
    const frame = await eventually('the frame is there', () => page.frames().find((one) => one.url().startsWith(`${desk}/call`)))
    const Dana = new Person('Dana', browser, frame)
    await eventually('it is ready', async () => (await told()).includes('ready'))
    await page.evaluate((signed) => window.desk.open({ topic: 'Invoice 1042', ctx: signed }), ctx)
    await Dana.press('Call now')
    await Ana.see(/^Dana Reyes is calling\./)
    await Ana.see('Verified')
    await Ana.press('Answer')
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
    await Ana.press('Hold')
    await eventually('she waits', async () => (await told()).includes('hold'))
    await Dana.press('End')
    await Dana.see(/^Call ended - /)
    assert.deepEqual(await told(), ['ready', 'ringing', 'connected', 'hold', 'ended'])

    await frame.getByRole('radio', { name: '4' }).check()
    await Dana.press('Send rating')
    await Dana.see('Thank you for your rating.')
    const { calls } = await (await fetch(`${server.url}/api/calls.json`, { headers: { 'Warmdesk-Agent': 'agent1' } })).json()
    assert.deepEqual([calls[0].rating, calls[0].topic], [4, 'Invoice 1042'])
    // Its page loads nothing but the desk's.
    const ours = [desk, desk.replace('http', 'ws')].map((from) => `foreign: ${from}/`)
    assert.deepEqual(browser.complaints.filter((one) => !ours.some((from) => one.startsWith(from))), [])
  } catch (error) {
    const texts = browser.context.pages().flatMap((page) => page.frames()).map((one) => one.locator('body').innerText({ timeout: 1_000 }).catch(() => '(gone)'))
    error.message += `\n${(await Promise.all(texts)).join(' | ')}\n${browser.complaints.join('\n')}`
    throw error
  } finally {
    await browser.close()
  }
}, { env })
