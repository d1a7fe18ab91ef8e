// Nobody comes for a customer: they leave a message or a number, and the desk has a
// task. Or their agent is gone: a colleague takes them.

import assert from 'node:assert/strict'
import { hears } from './lib/people.mjs'
import { level, silence, toneLevel } from './lib/sound.mjs'
import { shot, story } from './lib/story.mjs'
import { everHeard, spoken, tones } from './lib/voices.mjs'
import { eventually } from './lib/wait.mjs'
import { decode } from './lib/wav.mjs'

const both = { Dana: '/call?mic=real', Ana: '/as/agent1?mic=real' }

/** Who has been in line for ten seconds is asked, because a second is a long wait here. */
const impatient = { env: { MAX_WAIT: '1s' } }
const asked = 'All our agents are busy, and you have been waiting for a while. You keep your place in line.'

story('a customer leaves a message, and it plays on the desk', both, async ({ t, Dana, Ana }) => {
  await Dana.press('Call now')
  await Dana.see(asked, 25_000)
  await shot(Dana, 'asked')
  await Dana.press('Leave a message')
  await Dana.see('Recording your message... press Done when you have finished.')
  // The words and the tone come first, and then nothing: what is said now is kept.
  await eventually('the message is being recorded', async () => level(await Dana.ears.last(3_000)) < silence, { within: 25_000 })
  await shot(Dana, 'recording')
  await Dana.press('Done')
  await Dana.see(/^Thank you\. We have your message\. Call ended - /, 25_000)

  await Ana.see(/^Dana left a message of 0:\d\d\.$/)
  const tasks = Ana.page.getByRole('region', { name: 'Tasks' })
  const [, told] = /of 0:(\d\d)\./.exec(await tasks.innerText())
  const player = tasks.locator('audio')
  await player.evaluate((audio) => {
    audio.muted = true
    return audio.play()
  })
  await eventually('it plays', () => player.evaluate((audio) => audio.currentTime > 1))
  const length = await player.evaluate((audio) => audio.duration)
  t.diagnostic(`told 0:${told}, plays for ${length.toFixed(1)} s`)
  assert.ok(Number(told) >= 3 && Math.abs(length - Number(told)) <= 1, `told 0:${told}, plays for ${length} s`)
  const file = await player.evaluate(async (audio) => [...new Uint8Array(await (await fetch(audio.src)).arrayBuffer())])
  const sound = decode(Buffer.from(file))
  // The key that ends it takes the voice's place for a moment.
  assert.deepEqual(everHeard(sound), ['Dana'], 'who is in the message')
  const loud = toneLevel(sound, tones.Dana)
  assert.ok(Math.abs(loud - spoken) < 3, `Dana is in the message at ${loud.toFixed(1)} dBFS`)
  await shot(Ana, 'task')
  await Ana.click(tasks.getByRole('button', { name: /^Done/ }))
  await tasks.getByText('Yours · done').waitFor()
}, impatient)

story('a customer asks on the page to be called back', both, async ({ Dana, Ana }) => {
  await Dana.press('Call now')
  await Dana.see(asked, 25_000)
  // By keys alone.
  await Dana.page.getByRole('button', { name: 'Ask for a call back' }).press('Enter')
  await Dana.page.keyboard.type('+49 30 1234567')
  await shot(Dana, 'call-back')
  await Dana.page.keyboard.press('Enter')
  await Dana.see(/^Thank you\. We will call you back\. Call ended - /, 25_000)
  await Ana.see('Dana wants to be called back at +49301234567.')
  assert.equal(await Ana.page.getByRole('link', { name: 'Call back' }).getAttribute('href'), 'tel:+49301234567')
}, impatient)

story('a colleague takes a customer whose agent is gone', { ...both, Ben: '/as/agent2?mic=real' }, async ({ t, people, Dana, Ana, Ben }) => {
  await Ana.press('Go available')
  await Ana.see(/^Waiting for a call\./)
  await Dana.press('Call now')
  await Ana.press('Answer')
  await Ana.see('You and Dana hear each other.')
  await Ben.press('Go available')
  await Ben.see(/^Waiting for a call\./)
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
  Ana.browser.kill()
  await Ben.see("Ana's connection dropped. Dana hears music.")
  await shot(Ben, 'needs-someone')
  const taken = Date.now()
  await Ben.press('Take Dana')
  await Ben.see('You and Dana hear each other.')
  await hears(people, { Dana: 'Ben', Ben: 'Dana' })
  t.diagnostic(`heard each other ${Date.now() - taken} ms after Take, of which 800 ms are the hearing`)
})
