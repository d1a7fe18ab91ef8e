// How a page opens for the first time on a slow computer, far away: a processor four
// times slower, 1.6 Mbit/s, 150 ms there and back (A11). Times depend on the machine, so
// they are told (docs/performance.md has some); what does not depend on it is judged.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { chromium } from 'playwright-core'
import { Server } from '../lib/server.mjs'
import { timed } from '../lib/times.mjs'

const slow = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 }
const rounds = 5

let server, browser
before(async () => {
  server = await Server.start()
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--disable-gpu', '--disable-quic', '--no-first-run'], chromiumSandbox: false })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** open loads a page with nothing kept from before, until its first button can be pressed. */
async function open(path, button) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    await timed(context)
    const page = await context.newPage()
    const foreign = []
    page.on('request', (request) => new URL(request.url()).host !== new URL(server.url).host && foreign.push(request.url()))
    const session = await context.newCDPSession(page)
    let bytes = 0
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', slow)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    await page.goto(server.url + path, { waitUntil: 'commit' })
    await page.getByRole('button', { name: button, exact: true }).waitFor()
    const [usable, paint] = await page.evaluate(() => [performance.now(), performance.getEntriesByName('first-contentful-paint')[0]?.startTime])
    // What begins by itself after that counts too.
    await page.waitForLoadState('networkidle')
    const { shift, longest } = await page.evaluate(() => window.times)
    return { paint, usable, longest, shift, bytes, foreign }
  } finally {
    await context.close()
  }
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

for (const [name, path, button, most] of [
  ['console', '/as/agent1', 'Go available', 1_200],
  ['customer', '/call', 'Call now', 900],
]) {
  test(`the ${name}'s page opens on a slow computer far away`, { timeout: 90_000 }, async (t) => {
    const found = []
    for (let i = 0; i < rounds; i++) found.push(await open(path, button))
    const middle = (what) => median(found.map((one) => one[what]))
    const row = [name, `${Math.round(middle('paint'))} ms`, `${most} ms`, `${Math.round(middle('usable'))} ms`, `${Math.round(middle('longest'))} ms`, middle('shift').toFixed(3), `${Math.round(middle('bytes') / 1_000)} kB`]
    t.diagnostic(`| ${row.join(' | ')} |`)
    assert.deepEqual(found.flatMap((one) => one.foreign), [], 'asked of other hosts')
    assert.ok(middle('shift') <= 0.02, `what was drawn moves by ${middle('shift')}`)
  })
}
