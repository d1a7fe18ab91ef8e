// The customer's page is reloaded: the same call, in the same place. The other stages
// are in evidence/.

import assert from 'node:assert/strict'
import { hears } from './lib/people.mjs'
import { available, entries, everybody, talk } from './lib/scenes.mjs'
import { longestGap } from './lib/sound.mjs'
import { shot, story } from './lib/story.mjs'

story("the customer's page is reloaded while talking", everybody, async (world) => {
  const { t, server, people, Dana, Ana, Ben } = world
  await talk(world)
  await available(Ben)
  await Dana.press('Mute')
  await hears(people, { Dana: 'Ana', Ana: 'silence' })
  await Dana.press('Unmute')
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })

  const reloaded = Date.now()
  await Dana.page.reload()
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' }, { within: 5_800 }) // of which it lasted 0.8 s
  const after = Date.now() - 800 - reloaded
  t.diagnostic(`heard again ${after} ms after the reload`)
  assert.ok(after <= 5_000, `heard again only ${after} ms after the reload`)
  await Ana.see('You and Dana hear each other.')
  await Dana.see('Ana is here.')
  const press = Dana.page.getByRole('button', { name: 'Continue', exact: true })
  t.diagnostic(`to let sound out the browser ${(await press.isVisible()) ? 'wants a press' : 'wants nothing'}`)
  const gap = longestGap(await Ana.ears.between(reloaded, Date.now() - 200))
  t.diagnostic(`Ana's longest gap ${gap.ms} ms`)
  assert.ok(gap.ms <= 5_000, `Ana heard nothing for ${gap.ms} ms`)
  assert.equal(await entries(server, 'agent1', 'offered'), 1, 'nobody is rung again')
  await shot(Dana, 'returned')

  // What was muted stays so.
  await Dana.press('Mute')
  await hears(people, { Dana: 'Ana', Ana: 'silence' })
  await Dana.page.reload()
  await hears(people, { Dana: 'Ana', Ana: 'silence' })
  await Dana.page.getByRole('button', { name: 'Unmute', exact: true }).waitFor()

  // End is the end, also for the page that is loaded next.
  const ended = Date.now()
  await Dana.press('End')
  await Ana.see(/^Dana hung up after 0:\d\d\.$/, 1_500)
  t.diagnostic(`ended ${Date.now() - ended} ms after End`)
  await Dana.see(/^Call ended - 0:\d\d\.$/)
  await Dana.page.reload()
  await Dana.page.getByRole('button', { name: 'Call now', exact: true }).waitFor()
})
