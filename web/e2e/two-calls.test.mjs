// Two calls at once, three agents, transfers that cross: nobody is ever mixed in.

import assert from 'node:assert/strict'
import { hears } from './lib/people.mjs'
import { longestGap } from './lib/sound.mjs'
import { story } from './lib/story.mjs'
import { everHeard, tones } from './lib/voices.mjs'

const everybody = {
  Dana: '/call?mic=real',
  Eve: '/call?mic=real&name=Eve',
  Ana: '/as/agent1?mic=real',
  Ben: '/as/agent2?mic=real',
  Cy: '/as/agent3?mic=real',
}

const act = async ({ t, people, Dana, Eve, Ana, Ben, Cy }) => {
  const hear = (expected) => hears(people, expected)
  for (const agent of [Ana, Ben, Cy]) {
    await agent.press('Go available')
    await agent.see('Waiting for a call. 0 people in the queue.')
  }
  for (const [customer, agent] of [[Dana, Ana], [Eve, Ben]]) {
    await customer.press('Call now')
    await agent.see(new RegExp(`^${customer.name} is calling\\.`))
    await agent.press('Answer')
    await agent.see(`You and ${customer.name} hear each other.`)
    await customer.see(`${agent.name} is here.`)
  }
  const talking = Date.now()
  await hear({ Dana: 'Ana', Ana: 'Dana', Eve: 'Ben', Ben: 'Eve', Cy: 'silence' })

  // Both want Cy at the same moment: one gets him, the other is told and talks on.
  const rows = []
  for (const agent of [Ana, Ben]) {
    await agent.press('Bring someone in')
    rows.push(await agent.colleague('Cy').elementHandle())
  }
  await Promise.all(rows.map((row) => row.evaluate((button) => button.click())))
  await Cy.see(/^(Ana|Ben) wants you in the call with (Dana|Eve)\. They hear each other\.$/)
  const anaFirst = await Cy.page.getByText('Ana wants you').first().isVisible()
  const [first, firstCustomer, second, secondCustomer] = anaFirst ? [Ana, Dana, Ben, Eve] : [Ben, Eve, Ana, Dana]
  t.diagnostic(`${first.name} got Cy`)
  await second.see(`You and ${secondCustomer.name} hear each other.`)
  await second.page.keyboard.press('Escape')
  await Cy.press('Answer')
  await Cy.see('Everyone hears everyone.')
  await hear({
    [firstCustomer.name]: inOrder(first, Cy),
    [first.name]: inOrder(firstCustomer, Cy),
    Cy: inOrder(firstCustomer, first),
    [secondCustomer.name]: second.name,
    [second.name]: secondCustomer.name,
  })
  await first.press(`Leave - Cy stays with ${firstCustomer.name}`)
  await Cy.see(`You and ${firstCustomer.name} hear each other.`)

  // The one who has just left is brought into the other call.
  await first.press('Finish')
  await first.see('Waiting for a call. 0 people in the queue.')
  await second.bringIn(first.name)
  await first.see(`${second.name} wants you in the call with ${secondCustomer.name}. They hear each other.`)
  await first.press('Answer')
  await first.see('Everyone hears everyone.')
  await hear({
    [secondCustomer.name]: inOrder(second, first),
    [second.name]: inOrder(secondCustomer, first),
    [first.name]: inOrder(secondCustomer, second),
    [firstCustomer.name]: 'Cy',
    Cy: firstCustomer.name,
  })
  await second.press(`Leave - ${first.name} stays with ${secondCustomer.name}`)
  await first.see(`You and ${secondCustomer.name} hear each other.`)
  await hear({
    [firstCustomer.name]: 'Cy',
    Cy: firstCustomer.name,
    [secondCustomer.name]: first.name,
    [first.name]: secondCustomer.name,
    [second.name]: 'silence',
  })

  // Not for a moment did the calls mix.
  const heard = async (person) => everHeard(await person.ears.between(talking, Date.now()))
  assert.deepEqual(await heard(firstCustomer), sorted(first, Cy))
  assert.deepEqual(await heard(secondCustomer), sorted(second, first))
  assert.deepEqual(await heard(Cy), sorted(firstCustomer, first))
  assert.deepEqual(await heard(second), sorted(secondCustomer, first))
  for (const customer of [Dana, Eve]) {
    const gap = longestGap(await customer.ears.between(talking, Date.now() - 500))
    t.diagnostic(`${customer.name}'s longest gap ${gap.ms} ms, ${gap.at} ms into the talk`)
    assert.ok(gap.ms <= 300, `${customer.name} heard nothing for ${gap.ms} ms, ${gap.at} ms into the talk`)
  }

  await firstCustomer.press('End')
  await Cy.see('Waiting for a call. 0 people in the queue.')
  await hear({ [firstCustomer.name]: 'silence', Cy: 'silence', [secondCustomer.name]: first.name })
}

/** Names in the order in which they are reported as heard. */
const sorted = (...people) => Object.keys(tones).filter((name) => people.some((one) => one.name === name))
const inOrder = (...people) => sorted(...people).join(' ')

story('two calls with crossing transfers never mix', everybody, act)
