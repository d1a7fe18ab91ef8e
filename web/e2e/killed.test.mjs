// An agent's browser dies or is reloaded: the customer is never alone for long.
// Every other stage is in evidence/.

import assert from 'node:assert/strict'
import { hears } from './lib/people.mjs'
import { everybody, talk } from './lib/scenes.mjs'
import { longestGap } from './lib/sound.mjs'
import { shot, story } from './lib/story.mjs'

story("agent 1's browser is killed while talking", everybody, async (world) => {
  const { t, people, Dana, Ana, Ben } = world
  await talk(world)
  const killed = Date.now()
  Ana.browser.kill()
  await hears(people, { Dana: 'music' }, { within: 8_000 })
  const gap = longestGap(await Dana.ears.between(killed, Date.now() - 200))
  t.diagnostic(`Dana heard nothing for ${gap.ms} ms, until ${gap.at + gap.ms} ms after the kill`)
  assert.ok(gap.at + gap.ms <= 6_000, `music came only ${gap.at + gap.ms} ms after the kill`)

  // Ben, who was away, comes back to work and gets the call that came back.
  await Ben.press('Go available')
  await Ben.page.getByRole('region', { name: 'Current call' }).getByRole('button', { name: 'Answer' }).waitFor({ timeout: 25_000 })
  await shot(Ben, 'returned')
  await Ben.click(Ben.page.getByRole('region', { name: 'Current call' }).getByRole('button', { name: 'Answer' }))
  await Ben.see('You and Dana hear each other.')
  await hears(people.filter((one) => one !== Ana), { Dana: 'Ben', Ben: 'Dana' })
  t.diagnostic(`answered again ${((Date.now() - killed) / 1000).toFixed(1)} s after the kill`)
})

story("agent 1's page is reloaded while talking", everybody, async (world) => {
  const { t, people, Dana, Ana } = world
  await talk(world)
  const reloaded = Date.now()
  await Ana.page.reload()
  await Ana.see('You and Dana hear each other.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
  const call = await Dana.ears.between(reloaded, Date.now() - 200)
  const gap = longestGap(call)
  t.diagnostic(`back and heard for a second ${Date.now() - reloaded} ms after the reload; Dana's longest gap ${gap.ms} ms`)
  assert.ok(Date.now() - reloaded < 8_000)
  assert.ok(gap.ms <= 1_000, `Dana heard nothing for ${gap.ms} ms`)
})
