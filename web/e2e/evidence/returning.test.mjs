// The customer's page is reloaded while waiting and during a private talk, is closed,
// or loses its line.

import assert from 'node:assert/strict'
import { hears } from '../lib/people.mjs'
import { available, entries, everybody, talk } from '../lib/scenes.mjs'
import { shot, story } from '../lib/story.mjs'
import { voices } from '../lib/voices.mjs'
import { eventually } from '../lib/wait.mjs'

story("the customer's page is reloaded while waiting", everybody, async ({ t, server, people, Dana, Ana }) => {
  await Dana.press('Call now')
  await hears(people, { Dana: 'music' }, { within: 15_000 })
  const reloaded = Date.now()
  await Dana.page.reload()
  await hears(people, { Dana: 'music' }, { within: 12_000 }) // words come first
  t.diagnostic(`music again ${Date.now() - 800 - reloaded} ms after the reload`)
  await Ana.press('Go available')
  await Ana.see(/^Dana is calling\./)
  await Dana.page.reload()
  // Nobody is rung for a page that is away: the ring stops, and begins anew.
  await eventually('Ana is rung again', async () => (await entries(server, 'agent1', 'offered')) === 2)
  await Ana.press('Answer')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
})

story("the customer's page is closed, and comes back in time", everybody, async (world) => {
  const { people, Dana, Ana } = world
  await talk(world)
  await Dana.page.goto('about:blank')
  await Ana.see(/^Dana lost the connection\. Waiting for them \(60 s\)\./)
  await shot(Ana, 'customer-lost')
  await Dana.page.goBack()
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' }, { within: 8_000 })
})

story("the customer's line is lost while the page stays", everybody, async (world) => {
  const { t, server, people, Dana, Ana } = world
  await talk(world)
  const { TWILIO_ACCOUNT_SID: account, TWILIO_AUTH_TOKEN: token } = await server.credentials()
  const calls = `${server.url}/2010-04-01/Accounts/${account}/Calls`
  const headers = { Authorization: `Basic ${btoa(`${account}:${token}`)}` }
  const live = await (await fetch(`${calls}.json?Status=in-progress`, { headers })).json()
  const { sid } = live.calls.find((call) => call.from.startsWith('client:caller_'))
  const lost = Date.now()
  const body = new URLSearchParams({ Status: 'completed' })
  assert.equal((await fetch(`${calls}/${sid}.json`, { method: 'POST', headers, body })).status, 200)
  await eventually('Dana is back', async () => (await entries(server, 'agent1', 'caller_back')) === 1, { within: 5_000 })
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' }, { within: 5_800 })
  t.diagnostic(`heard again ${Date.now() - 800 - lost} ms after the line was lost`)
  await Ana.see('You and Dana hear each other.')

  // Another tab that has the key takes the call over, and this one lets go of it.
  const key = await Dana.page.evaluate(() => sessionStorage.getItem('warmdesk.call'))
  const tab = await Dana.browser.goto(`${server.url}/call?mic=real`)
  await tab.evaluate((key) => sessionStorage.setItem('warmdesk.call', key), key)
  await tab.reload()
  await tab.getByText('Ana is here.', { exact: true }).waitFor()
  await Dana.see('This call goes on in another tab.', 12_000)
  await hears([Ana], { Ana: 'Dana' })
  await Ana.see('You and Dana hear each other.')

  // The desk ends it: no page tries to come back.
  await Ana.endCall()
  await tab.getByText(/^Call ended - 0:\d\d\.$/).waitFor()
})

story("the customer's page is reloaded while Ana and Ben talk in private", everybody, async (world) => {
  const { t, people, Dana, Ana, Ben } = world
  await talk(world)
  await available(Ben)
  await Ana.askPrivately('Ben')
  await Ben.press('Join Ana privately')
  await Ben.see('You and Ana talk privately. Dana hears music.')
  await hears(people, { Dana: 'music', Ana: 'Ben', Ben: 'Ana' })
  const reloaded = Date.now()
  await Dana.page.reload()
  await hears(people, { Dana: 'music', Ana: 'Ben', Ben: 'Ana' }, { within: 5_800 })
  t.diagnostic(`music again ${Date.now() - 800 - reloaded} ms after the reload`)
  assert.deepEqual(voices(await Dana.ears.between(reloaded, Date.now())).names, [], 'Dana overheard them')
  await Ana.press('Join all three')
  await hears(people, { Dana: 'Ana Ben', Ana: 'Dana Ben', Ben: 'Dana Ana' })
})
