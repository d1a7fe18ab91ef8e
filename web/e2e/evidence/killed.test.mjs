// One of three is killed: the other two never stop hearing each other.

import assert from 'node:assert/strict'
import { hears } from '../lib/people.mjs'
import { available, everybody, talk } from '../lib/scenes.mjs'
import { longestGap } from '../lib/sound.mjs'
import { story } from '../lib/story.mjs'

story("agent 1's browser is killed with all three together", everybody, async (world) => {
  const { t, people, Dana, Ana, Ben } = world
  await talk(world)
  await available(Ben)
  await Ana.bringIn('Ben')
  await Ben.see('Ana wants you in the call with Dana. They hear each other.')
  await Ben.press('Answer')
  await Ben.see('Everyone hears everyone.')
  await hears(people, { Dana: 'Ana Ben', Ana: 'Dana Ben', Ben: 'Dana Ana' })
  const killed = Date.now()
  Ana.browser.kill()
  const two = people.filter((one) => one !== Ana)
  await hears(two, { Dana: 'Ben', Ben: 'Dana' })
  await Ben.see('You and Dana hear each other.', 10_000)
  t.diagnostic(`Ben is told ${Date.now() - killed} ms after the kill`)
  await hears(two, { Dana: 'Ben', Ben: 'Dana' })
  const gap = longestGap(await Dana.ears.between(killed, Date.now() - 200))
  t.diagnostic(`Dana's longest gap ${gap.ms} ms`)
  assert.ok(gap.ms <= 300, `Dana heard nothing for ${gap.ms} ms`)
})
