// The customer hangs up while somebody is being rung: nobody answers to an empty line.

import assert from 'node:assert/strict'
import { hears } from '../lib/people.mjs'
import { story } from '../lib/story.mjs'

const everybody = { Dana: '/call?mic=real', Ana: '/as/agent1?mic=real', Ben: '/as/agent2?mic=real' }
const idle = 'Waiting for a call. 0 people in the queue.'

story('rings stop when the customer leaves', everybody, async ({ t, people, Dana, Ana, Ben }) => {
  for (const agent of [Ana, Ben]) {
    await agent.press('Go available')
    await agent.see(idle)
  }
  const gone = async (agents, told = idle) => {
    const left = Date.now()
    await Dana.press('End')
    await Promise.all(agents.map((agent) => agent.see(told, 2_000)))
    const after = Date.now() - left
    t.diagnostic(`${agents.map(({ name }) => name).join(' and ')} told ${after} ms after the customer left`)
    assert.ok(after <= 1_000)
  }

  await Dana.press('Call now')
  await Ana.see(/^Dana is calling\./)
  await gone([Ana])

  await Dana.press('Call again')
  await Ana.see(/^Dana is calling\./)
  await Ana.press('Answer')
  await Ana.see('You and Dana hear each other.')
  await Ana.bringIn('Ben')
  await Ben.see('Ana wants you in the call with Dana. They hear each other.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
  await gone([Ana, Ben])
  await Ana.see(/^Dana hung up after 0:\d\d\.$/)
  await hears(people, { Dana: 'silence', Ana: 'silence', Ben: 'silence' })

  // While the two talk in private about her. Ben has been free for longer.
  await Dana.press('Call again')
  await Ben.see(/^Dana is calling\./)
  await Ben.press('Answer')
  await Ben.see('You and Dana hear each other.')
  await Ben.askPrivately('Ana')
  await Ana.press('Join Ben privately')
  await Ana.see('You and Ben talk privately. Dana hears music.')
  await gone([Ana, Ben], /^Dana hung up at \d\d:\d\d\.$/)
  for (const agent of [Ana, Ben]) {
    await agent.press('Finish')
    await agent.see(idle)
  }
  await hears(people, { Dana: 'silence', Ana: 'silence', Ben: 'silence' })
})
