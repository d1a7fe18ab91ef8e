// Everything that can happen to people in every stage of a call, in real browsers
// with real sound. It takes minutes, so it is no part of the usual tests: `make
// evidence` runs it and writes what it measured to docs/recovery.md.

import assert from 'node:assert/strict'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hears } from '../lib/people.mjs'
import { firstSound, longestGap, quietest, silence } from '../lib/sound.mjs'
import { heardFrom } from '../lib/voices.mjs'
import { eventually } from '../lib/wait.mjs'
import { Bench } from './bench.mjs'
import { cases, listened } from './cases.mjs'
import { stages } from './stages.mjs'

/** Sound reaches the recording a little after it was heard. */
const late = 200
const idle = 'Waiting for a call. 0 people in the queue.'

let bench
before(async () => (bench = await Bench.open()))
after(() => bench.close())

const seconds = (ms) => (ms === Infinity ? 'never' : `${(ms / 1_000).toFixed(1)} s`)

const decibels = (level) => (level === -Infinity ? 'nothing' : `${level.toFixed(0)} dBFS`)

/** row writes one line of a table into the folder that EVIDENCE names. */
async function row(t, table, columns) {
  const line = `| ${columns.join(' | ')} |`
  t.diagnostic(line)
  if (process.env.EVIDENCE) await appendFile(join(process.env.EVIDENCE, table), `${line}\n`)
}

/** inWords is who hears whom, as the table says it. */
function inWords(expected) {
  return Object.entries(expected)
    .filter(([, heard]) => heard !== 'silence')
    .map(([name, heard]) => `${name}: ${heard.replace(' ', ' and ')}`)
    .join(', ')
}

for (const { stage, what, act, within = Infinity, gap: allowed = 300, back, accepts } of cases) {
  test(`${stage}: ${what}`, { timeout: 120_000 }, (t) =>
    bench.run(async (world) => {
      await stages[stage](world)
      const { Dana } = world
      const at = Date.now()
      const expected = await act(world)
      await hears(world.bench.all, expected, { within: 15_000, stays: 600 })
      const right = Date.now()
      await eventually('a while of it', () => Date.now() > right + 800)
      const sound = await Dana.ears.between(at, Date.now() - late)
      const voice = expected.Dana.split(' ').at(-1)
      const again = voice === 'music' || voice === 'silence' ? 0 : heardFrom(sound, voice)
      const gap = longestGap(sound)
      const quiet = quietest(accepts ? sound.subarray(firstSound(sound) * 8) : sound)
      await row(t, 'browsers.md', [stage, what, inWords(expected), seconds(gap.ms), seconds(again)])
      if (listened.includes(stage)) await row(t, 'halves.md', [stage, what, decibels(quiet), back ? seconds(world.back) : ''])
      const stood = (await Dana.ears.stalls()).filter((one) => one.at + one.ms > at).reduce((sum, { ms }) => sum + ms, 0)
      if (stood > 0) t.diagnostic(`Dana's browser itself stood still for ${stood} ms`)
      assert.ok(gap.ms <= allowed + stood, `Dana heard nothing for ${gap.ms} ms, ${gap.at} ms after it happened`)
      // Until packets are missed, a line that was cut is as quiet as its end was.
      if (accepts || (allowed <= 300 && stood === 0)) assert.ok(quiet > silence, `Dana's quietest half second is ${decibels(quiet)}`)
      assert.ok(again <= within, `Dana heard ${voice} only after ${again} ms`)
      if (back) assert.ok(world.back <= back, `the page was back in the call only after ${world.back} ms`)
    }),
  )
}

for (const stage of Object.keys(stages)) {
  test(`${stage}: the customer leaves`, { timeout: 120_000 }, (t) =>
    bench.run(async (world) => {
      await stages[stage](world)
      const { Dana, Ana, Ben, people } = world
      const at = Date.now()
      await Dana.press('End')
      const ringing = (agent) => agent.page.getByRole('region', { name: 'Current call' }).getByRole('button', { name: /^(Answer|Join)/ })
      const stopped = await eventually('no phone rings', async () => {
        const ring = await Promise.all([Ana, Ben].map((agent) => ringing(agent).isVisible()))
        return !ring.includes(true) && Date.now() - at
      })
      // Whoever has taken part comes back to an idle page by themselves.
      await Promise.all([Ana, Ben].map((agent) => agent.see(idle)))
      const left = Date.now() - at
      await hears(people, { Dana: 'silence', Ana: 'silence', Ben: 'silence' })
      await row(t, 'leaving.md', [stage, seconds(stopped), seconds(left)])
      assert.ok(stopped <= 1_000 && left <= 2_000, `rings end after ${stopped} ms, everybody is idle after ${left} ms`)
    }),
  )
}
