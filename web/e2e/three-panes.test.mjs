// The first page a newcomer sees: three people in one browser, demo voices, no pop-ups.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { soundSince } from './lib/listen.mjs'
import { Browser, hears, Person } from './lib/people.mjs'
import { Server } from './lib/server.mjs'
import { longestGap } from './lib/sound.mjs'
import { account, assertQuiet, shot } from './lib/story.mjs'
import { tones } from './lib/voices.mjs'
import { eventually } from './lib/wait.mjs'
import { encode, tone } from './lib/wav.mjs'

test('a newcomer plays all three people on one page', { timeout: 90_000 }, async (t) => {
  const server = await Server.start()
  t.after(() => server.stop())
  // This microphone is Cy's: it must never be heard, because demo voices speak.
  const browser = await Browser.open(tones.Cy)
  t.after(() => browser.close())
  await browser.context.route('**/assets/voices/*.wav', (route) => {
    const [, name] = /(\w+)\.wav$/.exec(route.request().url())
    const [, frequency] = Object.entries(tones).find(([who]) => who.toLowerCase() === name)
    return route.fulfill({ contentType: 'audio/wav', body: encode(tone(frequency)) })
  })
  const you = new Person('You', browser, await browser.goto(server.url))
  const pane = async (name, path) =>
    new Person(name, browser, await eventually(`the pane ${path}`, () =>
      you.page.frames().find((frame) => new URL(frame.url()).pathname === path)))
  const Dana = await pane('Dana', '/call')
  const Ana = await pane('Ana', '/as/agent1')
  const Ben = await pane('Ben', '/as/agent2')
  const people = [you, Dana, Ana, Ben]
  const clicks = () => people.reduce((sum, one) => sum + one.clicks, 0)
  const progress = you.page.getByRole('list', { name: 'Progress' }).getByRole('listitem')
  const ticked = async () => (await progress.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())
  const toCome = ['Dana calls', 'Ana answers', 'Ana brings in Ben', 'Hand over']
  /** The first n items are done, and only they. */
  const done = (n) =>
    eventually(`${n} items are done`, async () => {
      const found = (await ticked()).map((text) => text.replace(/^\d /, ''))
      assert.deepEqual(found.slice(0, 4), toCome.map((text, i) => (i < n ? `${text} - done` : text)))
      return true
    })
  const sounding = async () => {
    const found = []
    for (const one of [Dana, Ana, Ben]) if (await one.ears.sounding()) found.push(one.name)
    return found.join(' ')
  }

  try {
    await you.see('Demo mode - nothing leaves this computer.')
    const begun = Date.now()
    await done(0)
    await you.press('Start')
    for (const agent of [Ana, Ben]) {
      await agent.press('Go available')
      await agent.see('Waiting for a call. 0 people in the queue.')
    }
    const called = Date.now()
    await Dana.press('Call now')
    const sound = await soundSince(Dana, called)
    await Ana.see(/^Dana is calling\./)
    await done(1)
    await shot(you, 'panes-ringing')
    await Ana.press('Answer')
    await Ana.see('You and Dana hear each other.')
    await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
    const seconds = (Date.now() - begun) / 1000
    t.diagnostic(`two-way audio after ${clicks()} clicks and ${seconds.toFixed(1)} s`)
    assert.ok(clicks() <= 6 && seconds < 60)
    await done(2)

    // Only the pane one listens as makes sound; what comes to the others is unchanged.
    assert.equal(await sounding(), 'Dana')
    await you.click(you.page.getByRole('radio', { name: 'Ana' }))
    await eventually('Ana is listened to', async () => (await sounding()) === 'Ana')
    await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })

    await Ana.bringIn('Ben')
    await Ben.see('Ana wants you in the call with Dana. They hear each other.')
    await Ben.press('Answer')
    await Ben.see('Everyone hears everyone.')
    await hears(people, { Dana: 'Ana Ben', Ana: 'Dana Ben', Ben: 'Dana Ana' })
    await done(3)
    await shot(you, 'panes-together')
    await Ana.press('Leave - Ben stays with Dana')
    await Ben.see('You and Dana hear each other.')
    await hears(people, { Dana: 'Ben', Ana: 'silence', Ben: 'Dana' })
    t.diagnostic(`transfer finished after ${clicks()} clicks and ${((Date.now() - begun) / 1000).toFixed(1)} s`)
    assert.ok(clicks() <= 10)

    await done(4)
    assert.equal((await ticked())[4], 'Dana never heard silence: longest gap 0.0 s - done')
    await shot(you, 'panes-finished')
    const gap = longestGap(await Dana.ears.between(sound.at, Date.now() - 500))
    t.diagnostic(`Dana's longest gap ${gap.ms} ms`)
    assert.ok(gap.ms <= 300, `Dana heard nothing for ${gap.ms} ms`)

    // Who one is stands in the address: two tabs of one browser stay two people.
    const tabs = { "Ana's desk": await browser.goto(`${server.url}/as/agent1`), "Ben's desk": await browser.goto(`${server.url}/as/agent2`) }
    for (const [name, tab] of Object.entries(tabs)) {
      await tab.reload()
      await tab.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    }
    for (const one of people) await assertQuiet(one)
  } catch (error) {
    error.message += await account(people, server)
    throw error
  }
})
