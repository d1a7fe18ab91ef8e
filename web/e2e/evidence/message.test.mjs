// Nobody comes for a customer: they leave a message, and the desk has a task. What
// else may be left is in unserved.test.mjs.

import assert from 'node:assert/strict'
import { asked, both, impatient } from '../lib/scenes.mjs'
import { level, silence, toneLevel } from '../lib/sound.mjs'
import { shot, story } from '../lib/story.mjs'
import { everHeard, spoken, tones } from '../lib/voices.mjs'
import { eventually } from '../lib/wait.mjs'
import { decode } from '../lib/wav.mjs'

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
