// Nobody comes for a customer, who leaves a number; or their agent is gone, and a
// colleague takes them.

import assert from 'node:assert/strict'
import { hears } from '../lib/people.mjs'
import { asked, available, both, everybody, impatient, talk } from '../lib/scenes.mjs'
import { shot, story } from '../lib/story.mjs'

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

story('a colleague takes a customer whose agent is gone', everybody, async (world) => {
  const { t, people, Ana, Ben } = world
  await talk(world)
  await available(Ben)
  Ana.browser.kill()
  await Ben.see("Ana's connection dropped. Dana hears music.")
  await shot(Ben, 'needs-someone')
  const taken = Date.now()
  await Ben.press('Take Dana')
  await Ben.see('You and Dana hear each other.')
  await hears(people, { Dana: 'Ben', Ben: 'Dana' })
  t.diagnostic(`heard each other ${Date.now() - taken} ms after Take, of which 800 ms are the hearing`)
})
