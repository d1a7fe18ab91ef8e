// The tutorial's own page: five buttons, and its status texts to the letter.

import assert from 'node:assert/strict'
import { hears } from './lib/people.mjs'
import { shot, story } from './lib/story.mjs'
import { eventually } from './lib/wait.mjs'

const everybody = { Dana: '/call?mic=real', Ana: '/tutorial', Ben: '/tutorial' }

story("the tutorial's page makes a warm transfer", everybody, async ({ people, Dana, Ana, Ben }) => {
  const push = (person, id) => person.click(person.page.locator(`#${id}`))
  const status = (person) => person.page.locator('#call-status').innerText()
  const says = (person, text) => eventually(`${person.name}'s status: ${text}`, async () => (await status(person)) === text)
  const disabled = async (person) => {
    const all = await person.page.locator('button').evaluateAll((buttons) =>
      buttons.filter((button) => button.checkVisibility()).map((button) => [button.id, button.disabled]),
    )
    return Object.fromEntries(all)
  }
  for (const agent of [Ana, Ben]) await agent.page.evaluate(keepTexts)

  await push(Ana, 'connect-agent1-button')
  await says(Ana, 'Connected as: agent1')
  await push(Ben, 'connect-agent2-button')
  await says(Ben, 'Connected as: agent2')
  assert.deepEqual(await disabled(Ana), {
    'answer-call-button': true,
    'hangup-call-button': true,
    'dial-agent2-button': true,
  })
  assert.deepEqual(await disabled(Ben), { 'answer-call-button': true, 'hangup-call-button': true })

  await Dana.press('Call now')
  await says(Ana, 'Incoming support call')
  await push(Ana, 'answer-call-button')
  await says(Ana, 'In call with customer')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
  assert.deepEqual(await disabled(Ana), {
    'answer-call-button': true,
    'hangup-call-button': false,
    'dial-agent2-button': false,
  })

  await push(Ana, 'dial-agent2-button')
  await says(Ben, 'Incoming support call')
  await push(Ben, 'answer-call-button')
  await says(Ben, 'In call with customer')
  await hears(people, { Dana: 'Ana Ben', Ana: 'Dana Ben', Ben: 'Dana Ana' })
  await shot(Ana, 'tutorial')

  await push(Ana, 'hangup-call-button')
  await says(Ana, 'Connected as: agent1')
  await hears(people, { Dana: 'Ben', Ana: 'silence', Ben: 'Dana' })
  await push(Ben, 'hangup-call-button')
  await says(Ben, 'Connected as: agent2')
  await Dana.see(/^Call ended - 0:\d\d\.$/)

  // A second call does not meet the listeners of the first.
  await Dana.press('Call again')
  await says(Ana, 'Incoming support call')
  await push(Ana, 'answer-call-button')
  await says(Ana, 'In call with customer')
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  await push(Ana, 'hangup-call-button')
  await says(Ana, 'Connected as: agent1')

  const texts = (person) => person.page.evaluate(() => window.texts)
  const called = ['Incoming support call', 'In call with customer']
  const connected = 'Connected as: agent1'
  assert.deepEqual(await texts(Ana), ['Ready', connected, ...called, connected, ...called, connected])
  assert.deepEqual(await texts(Ben), ['Ready', 'Connected as: agent2', ...called, 'Connected as: agent2'])
})

/** Runs in the page: every text the status ever has, also those too short to be seen. */
function keepTexts() {
  window.texts = []
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) window.texts.push(node.textContent)
  }).observe(document.getElementById('call-status'), { childList: true })
}
