// The six steps of a warm transfer, everybody in a tab and a browser of their own.

import assert from 'node:assert/strict'
import { hears } from './lib/people.mjs'
import { firstSound, likeness, longestGap } from './lib/sound.mjs'
import { shot, story } from './lib/story.mjs'
import { clipOf, soundSince } from './lib/listen.mjs'
import { times } from './lib/times.mjs'
import { eventually } from './lib/wait.mjs'

const everybody = {
  Dana: '/call?mic=real',
  Ana: '/as/agent1?mic=real',
  Ben: '/as/agent2?mic=real',
  Cy: '/as/agent3?mic=real',
}

story('a warm transfer in six steps', everybody, async ({ t, server, people, Dana, Ana, Ben, Cy }) => {
  const hear = (expected) => hears(people, expected)
  const clicks = () => people.reduce((sum, one) => sum + one.clicks, 0)
  for (const one of [Dana, Ana]) {
    await one.page.getByRole('button', { name: /^(Call now|Go available)$/ }).waitFor()
    t.diagnostic(`${one.name}'s page, cold: ${await times(one.page)}`)
  }
  const begun = Date.now()
  const seconds = () => ((Date.now() - begun) / 1000).toFixed(1)

  // 1, 2: the agents become available.
  for (const agent of [Ana, Ben, Cy]) {
    await agent.press('Go available')
    await agent.see('Waiting for a call. 0 people in the queue.')
  }

  // 3, 4: the customer calls, and hears a welcome and music.
  const called = Date.now()
  await Dana.press('Call now')
  await Ana.see(/^Dana is calling\./)
  const rung = Date.now()
  await shot(Ana, 'ringing')
  const music = await clipOf(server, '/assets/music.wav')
  const sound = await soundSince(Dana, called)
  await eventually('Dana hears our music', async () => likeness(await Dana.ears.last(1_500), music) > 0.8, {
    within: 15_000,
    every: 200,
  })
  t.diagnostic(`Call now → Ana rings ${rung - called} ms, → first sound ${sound.at - called} ms, → music ${Date.now() - called} ms`)
  await hear({ Dana: 'music', Ana: 'silence', Ben: 'silence', Cy: 'silence' })

  await Ana.press('Answer')
  await Ana.see('You and Dana hear each other.')
  await Dana.see('Ana is here.')
  await hear({ Dana: 'Ana', Ana: 'Dana', Ben: 'silence', Cy: 'silence' })
  t.diagnostic(`two-way audio after ${clicks()} clicks and ${seconds()} s`)
  await shot(Ana, 'talking')

  // 5: agent 1 brings agent 2 in, and goes on talking while it rings.
  await Ana.bringIn('Ben')
  await Ben.see('Ana wants you in the call with Dana. They hear each other.')
  await shot(Ben, 'invited')
  await hear({ Dana: 'Ana', Ana: 'Dana', Ben: 'silence', Cy: 'silence' })
  await Ben.press('Answer')
  await Ana.see('Everyone hears everyone.')
  await Ben.see('Everyone hears everyone.')
  await hear({ Dana: 'Ana Ben', Ana: 'Dana Ben', Ben: 'Dana Ana', Cy: 'silence' })
  await shot(Ana, 'together')

  // 6: agent 1 leaves; the customer and agent 2 go on.
  await Ana.press('Leave - Ben stays with Dana')
  await Ben.see('You and Dana hear each other.')
  await Dana.see("You're now with Ben.")
  await Ana.see('Ben has Dana.')
  await Ana.press('Finish')
  await Ana.see('Waiting for a call. 0 people in the queue.')
  await hear({ Dana: 'Ben', Ana: 'silence', Ben: 'Dana', Cy: 'silence' })
  t.diagnostic(`transfer finished after ${clicks()} clicks and ${seconds()} s`)
  const ending = Date.now()

  await Ben.endCall()
  await Dana.see(/^Call ended - 0:\d\d\.$/)
  await Ben.see('Waiting for a call. 0 people in the queue.')
  await hear({ Dana: 'silence', Ana: 'silence', Ben: 'silence', Cy: 'silence' })
  await shot(Dana, 'ended')

  const call = await Dana.ears.between(sound.at, ending)
  const gap = longestGap(call)
  t.diagnostic(`Dana's longest gap ${gap.ms} ms, ${(gap.at / 1000).toFixed(1)} s into ${(call.length / 8000).toFixed(1)} s`)
  assert.equal(firstSound(call), 0)
  assert.ok(gap.ms <= 300, `Dana heard nothing for ${gap.ms} ms, ${gap.at} ms into the call`)
  assert.deepEqual((await server.snapshot('agent1')).calls, [])
})
