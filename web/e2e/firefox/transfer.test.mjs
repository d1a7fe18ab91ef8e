// A warm transfer with everybody in Firefox, on the built-in switchboard, with real sound.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Server } from '../lib/server.mjs'
import { tones } from '../lib/voices.mjs'
import { eventually } from '../lib/wait.mjs'
import { Firefox } from './firefox.mjs'

/** dB of a tone in Firefox's own analysis: a voice is above, its absence far below. */
const heard = -45
const absent = -70

test('a warm transfer in Firefox', { timeout: 120_000 }, async (t) => {
  const server = await Server.start()
  const people = {}
  try {
    for (const [name, path] of [['Dana', '/call?mic=real'], ['Ana', '/as/agent1?mic=real'], ['Ben', '/as/agent2?mic=real']]) {
      people[name] = await Firefox.open(tones[name], server.url + path)
    }
    await transfer(t, people)
    for (const [name, one] of Object.entries(people)) assert.deepEqual(one.complaints, [], `${name}'s page`)
  } catch (error) {
    for (const [name, one] of Object.entries(people)) {
      error.message += `\n== ${name} sees: ${(await one.text().catch(() => '(gone)')).replace(/\s*\n\s*/g, ' | ')}`
    }
    throw error
  } finally {
    await Promise.all(Object.values(people).map((one) => one.close()))
    assert.equal(await server.stop(), 0, 'the server stops cleanly')
  }
})

async function transfer(t, people) {
  const { Dana, Ana, Ben } = people
  await Ana.press('My audio')
  await Ana.press('Make a test call')
  await eventually('Ana hears herself', async () => (await levels(Ana, [tones.Ana]))[0] > heard)
  await Ana.press('End test call')
  await Ana.see('You sound ')
  t.diagnostic(/You sound [^\n]*/.exec(await Ana.text())[0])
  await Ana.press('My audio')

  for (const agent of [Ana, Ben]) {
    await agent.press('Go available')
    await agent.see('Waiting for a call.')
  }
  await Dana.press('Call now')
  await Ana.press('Answer')
  await Ana.see('You and Dana hear each other.')
  await hears(people, { Dana: ['Ana'], Ana: ['Dana'], Ben: [] })

  await Ana.press('Keypad')
  await Ana.press('5')
  await eventually('Dana hears the two tones of the key', async () => (await levels(Dana, [770, 1336])).every((level) => level > heard))

  await Ana.press('Bring someone in')
  await Ana.press('Ask privately, Ben')
  await Ben.press('Join Ana privately')
  await Ana.see('You and Ben talk privately')
  await hears(people, { Dana: [], Ana: ['Ben'], Ben: ['Ana'] })
  const began = Date.now()
  await Ana.press('Hand over to Ben')
  await Ana.see('Ben has Dana')
  t.diagnostic(`handed over after ${Date.now() - began} ms`)
  await hears(people, { Dana: ['Ben'], Ana: [], Ben: ['Dana'] })
}

const levels = (person, of) => person.evaluate((of) => window.levels(of), of)

/** hears waits until everybody hears exactly these voices. */
async function hears(people, expected) {
  await eventually(`who hears whom: ${JSON.stringify(expected)}`, async () => {
    for (const [name, voices] of Object.entries(expected)) {
      const others = Object.keys(expected)
      const found = await levels(people[name], others.map((other) => tones[other]))
      const right = others.every((other, i) => (voices.includes(other) ? found[i] > heard : found[i] < absent))
      assert.ok(right, `${name} hears ${others.map((other, i) => `${other} at ${found[i]} dB`).join(', ')}`)
    }
    return true
  })
}
