// A network that loses packets: what the agent is told, what lead and customer have of
// it, and that nothing is taken for the end of the call.

import assert from 'node:assert/strict'
import { hears } from '../lib/people.mjs'
import { available, both } from '../lib/scenes.mjs'
import { longestGap, rate, toneLevel } from '../lib/sound.mjs'
import { story } from '../lib/story.mjs'
import { tones } from '../lib/voices.mjs'
import { eventually } from '../lib/wait.mjs'

/** How many of a hundred packets are lost, each way, and for how long (ms). */
const lossy = 8
const lasts = 8_000
/** What is lost at random is lost in runs now and then; a word is gone only with more than this (ms). */
const tolerable = 200

/** The share (%) of some sound in which a voice is weaker by 3 dB or more than it mostly is, in steps of 20 ms. */
function dented(samples, tone) {
  const step = rate / 50
  const levels = []
  for (let at = 0; at + 2 * step <= samples.length; at += step) levels.push(toneLevel(samples.subarray(at, at + 2 * step), tone))
  const usual = levels.toSorted((a, b) => a - b)[Math.floor(levels.length / 2)]
  return Math.round((100 * levels.filter((level) => level < usual - 3).length) / levels.length)
}

story('a network that loses packets is told of, and nothing ends', both, async ({ server, people, Dana, Ana, t }) => {
  // Chromium's own loss, which holds for connections that are made after it was first asked for.
  const cdp = await Ana.browser.context.newCDPSession(Ana.page)
  const lose = (packetLoss) =>
    cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 1, downloadThroughput: -1, uploadThroughput: -1, packetLoss, packetQueueLength: 100 })
  await cdp.send('Network.enable')
  await lose(0.001)

  await available(Ana)
  await Dana.press('Call now')
  await Ana.press('Answer')
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  const board = async () => (await (await fetch(`${server.url}/api/board`, { headers: { 'Warmdesk-Agent': 'agent1' } })).json()).calls[0]
  const telling = Ana.page.getByText('Weak connection - Dana may hear gaps.').filter({ visible: true })
  await eventually('the board knows of a good line', async () => (await board()).quality?.word === 'good')

  const began = Date.now()
  await lose(lossy)
  await telling.first().waitFor({ timeout: lasts + 2_000 })
  t.diagnostic(`told after ${Date.now() - began} ms`)
  await Ana.click(Ana.page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Details' }))
  const details = await Ana.page.getByText(/^loss \d+ %, round trip \d+ ms, jitter \d+ ms$/).innerText()
  t.diagnostic(details)
  assert.ok(Number(/loss (\d+)/.exec(details)[1]) >= 5)
  await Ana.page.keyboard.press('Escape')
  await eventually('the board knows of a weak line', async () => (await board()).quality?.word === 'weak')
  await new Promise((next) => setTimeout(next, Math.max(0, began + lasts - Date.now())))
  const ended = Date.now()
  await lose(0.001)

  for (const [who, of] of [[Dana, 'Ana'], [Ana, 'Dana']]) {
    const heard = await who.ears.between(began, ended)
    const gap = longestGap(heard)
    t.diagnostic(`${who.name}: ${dented(heard, tones[of])} % dented, the longest gap ${gap.ms} ms`)
    assert.ok(gap.ms <= tolerable, `${who.name} heard nothing for ${gap.ms} ms`)
  }
  await eventually('it is good again', async () => (await telling.count()) === 0 && (await board()).quality.word === 'good', { within: 15_000 })
  t.diagnostic(`good again, on the board too, after ${Date.now() - ended} ms`)
  await Ana.see('You and Dana hear each other.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  assert.equal((await board()).stage, 'talking')
})
