// What agents tell each other beside the call: the note, and why not now.

import assert from 'node:assert/strict'
import { shot, story } from './lib/story.mjs'
import { eventually } from './lib/wait.mjs'

const everybody = { Dana: '/call?mic=real', Ana: '/as/agent1?mic=real', Ben: '/as/agent2?mic=real' }

story('a note is read while it rings, and a colleague says why not now', everybody, async ({ server, Dana, Ana, Ben }) => {
  for (const agent of [Ana, Ben]) {
    await agent.press('Go available')
    await agent.see(/^Waiting for a call\./)
  }
  await Dana.press('Call now')
  const first = await eventually('somebody is rung', async () => {
    for (const one of [Ana, Ben]) if (await one.page.getByRole('button', { name: 'Answer', exact: true }).isVisible()) return one
  })
  const [owner, colleague] = first === Ana ? [Ana, Ben] : [Ben, Ana]
  await owner.press('Answer')
  await owner.see('You and Dana hear each other.')

  // Keys that mean something elsewhere are text here.
  await owner.page.keyboard.press('n')
  await owner.page.keyboard.type('the mashed halo, over limit')
  await owner.see('Saved')
  await owner.page.keyboard.press('Escape')
  await owner.see('You and Dana hear each other.')
  assert.equal((await server.snapshot(owner === Ana ? 'agent1' : 'agent2')).calls[0].note, 'the mashed halo, over limit')

  await owner.askPrivately(colleague.name)
  await colleague.see('the mashed halo, over limit')
  await shot(colleague, 'note-ringing')
  const why = colleague.page.getByRole('button', { name: 'Not now, and say why' })
  await why.press('Enter')
  const busy = colleague.page.getByRole('button', { name: 'Busy', exact: true })
  await eventually('the first reason has the focus', () => busy.evaluate((button) => button === document.activeElement))
  for (let i = 0; i < 2; i++) await colleague.page.keyboard.press('ArrowDown')
  await colleague.page.keyboard.press('Enter')
  await owner.see(`${colleague.name} can't right now: wrong team. Dana is still on hold.`)
  await shot(owner, 'why-not')
  await owner.press('Try again')
  await colleague.press(`Join ${owner.name} privately`)
  await owner.see(`You and ${colleague.name} talk privately. Dana hears music.`)
  assert.equal(await colleague.page.getByRole('textbox', { name: 'Notes' }).inputValue(), 'the mashed halo, over limit')
})
