// What can happen in the stages of a call, and what must come of it
// (docs/transfer.md). Each act does it, lets people do what they would do then, and
// returns who must hear whom.

import { eventually } from '../lib/wait.mjs'

/** How long (ms) it takes at most to know that a browser is gone: its packets stop for 5 s. */
const noticed = 6_500
/** And for its page's reload to be back in the call. */
const reloaded = 8_000

const benHas = { Dana: 'Ben', Ben: 'Dana' }
const anaHas = { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' }
const three = { Dana: 'Ana Ben', Ana: 'Dana Ben', Ben: 'Dana Ana' }

/** answers presses whatever takes the customer or the colleague who rings. */
async function answers(agent, within = 30_000) {
  const button = agent.page.getByRole('region', { name: 'Current call' }).getByRole('button', { name: /^(Answer|Join .* privately|Take)$/ })
  await button.waitFor({ timeout: within })
  await agent.click(button)
}

/** killOf ends somebody's browser and waits until its end is known here. */
async function killOf(person) {
  person.browser.kill()
  await eventually(`${person.name}'s browser is gone`, () => !person.browser.alive, { every: 10 })
}

const kill = (then, expected = benHas) => async (world) => {
  await killOf(world.Ana)
  await then(world)
  return expected
}

/** Ana's browser is killed, and Ben does what there is for him to do. */
const killed = [
  { stage: 'ringing', act: kill(({ Ben }) => answers(Ben)), within: 30_000 },
  { stage: 'talking', act: kill(({ Ben }) => answers(Ben)), gap: noticed, within: 30_000 },
  { stage: 'on hold', act: kill(({ Ben }) => answers(Ben)), within: 30_000 },
  {
    stage: 'asking',
    act: kill(async ({ Ben }) => {
      await Ben.see("Ana's connection dropped. Dana hears music.")
      await answers(Ben)
      await Ben.see('You and Dana hear each other.', 12_000)
    }),
    within: 20_000,
  },
  {
    stage: 'inviting',
    act: kill(async ({ Ben }) => {
      await Ben.see("Ana's connection dropped. Dana hears music.")
      await answers(Ben)
    }),
    gap: noticed,
    within: 12_000,
  },
  {
    stage: 'private',
    act: kill(async ({ Ben }) => {
      await Ben.see('Ana lost the connection. Dana hears music. Take Dana, or wait a moment for Ana.')
      await Ben.press('Take')
    }),
    within: 12_000,
  },
  {
    stage: 'private',
    what: "agent 1's browser is killed, agent 2 does nothing",
    act: kill(({ Ben }) => Ben.see('You and Dana hear each other.', 20_000)),
    within: 15_000,
  },
  { stage: 'swapped', act: kill(({ Ben }) => Ben.see('You and Dana hear each other.')), gap: noticed, within: 8_000 },
  { stage: 'together', act: kill(({ Ben }) => Ben.see('You and Dana hear each other.')), within: 0 },
  { stage: 'handing over', act: kill(({ Ben }) => Ben.see('You and Dana hear each other.')), within: 1_500 },
  { stage: 'handed over', act: kill(async () => {}), within: 0 },
  { stage: 'taken back', act: kill(({ Ben }) => answers(Ben)), gap: noticed, within: 30_000 },
].map((one) => ({ what: "agent 1's browser is killed", ...one }))

const reload = (then, expected) => async (world) => {
  await world.Ana.page.reload()
  await then(world)
  return expected
}

/** Ana reloads her page. */
const reloads = [
  // The page says no to the ring when it goes.
  { stage: 'ringing', act: reload(({ Ben }) => answers(Ben), { ...benHas, Ana: 'silence' }), within: 8_000 },
  { stage: 'talking', act: reload(({ Ana }) => Ana.see('You and Dana hear each other.'), anaHas), gap: 1_000, within: reloaded },
  { stage: 'on hold', act: reload(({ Ana }) => Ana.see('You and Dana hear each other.'), anaHas), within: reloaded },
  {
    stage: 'asking',
    act: reload(async ({ Ana, Ben }) => {
      await Ana.see(/^Dana hears music\. Ringing Ben/)
      await answers(Ben)
    }, { Dana: 'music', Ana: 'Ben', Ben: 'Ana' }),
  },
  {
    stage: 'inviting',
    act: reload(async ({ Ana, Ben }) => {
      await Ana.see('You and Dana hear each other. Ringing Ben (20 s).')
      await answers(Ben)
    }, three),
    gap: 1_000,
    within: reloaded,
  },
  {
    stage: 'private',
    act: reload(({ Ana }) => Ana.see('You and Ben talk privately. Dana hears music.'), { Dana: 'music', Ana: 'Ben', Ben: 'Ana' }),
  },
  { stage: 'swapped', act: reload(({ Ana }) => Ana.see('Everyone hears everyone.'), three), gap: 1_000, within: reloaded },
  { stage: 'together', act: reload(({ Ana }) => Ana.see('Everyone hears everyone.'), three), within: reloaded },
  { stage: 'handing over', act: reload(({ Ben }) => Ben.see('You and Dana hear each other.'), { ...benHas, Ana: 'silence' }), within: 1_500 },
  { stage: 'handed over', act: reload(({ Ana }) => Ana.see('Ben has Dana.'), { ...benHas, Ana: 'silence' }), within: 0 },
].map((one) => ({ what: "agent 1's page is reloaded", ...one }))

const declines = (word, sentence, expected) => async ({ Ana, Ben }) => {
  await Ben.press(word)
  await Ana.see(sentence)
  return expected
}
const onHold = { Dana: 'music', Ana: 'silence', Ben: 'silence' }

/** Ben does not come, in one way or another. */
const notTaken = [
  {
    stage: 'ringing',
    what: 'agent 1 passes',
    act: async ({ Ana, Ben }) => {
      await Ana.press('Pass')
      await answers(Ben)
      return { ...benHas, Ana: 'silence' }
    },
    within: 5_000,
  },
  {
    stage: 'ringing',
    what: 'agent 1 does not answer',
    act: async ({ Ben }) => {
      await answers(Ben)
      return { ...benHas, Ana: 'silence' }
    },
    within: 25_000,
  },
  { stage: 'asking', what: 'agent 2 declines', act: declines('Not now', "Ben can't right now. Dana is still on hold.", onHold) },
  { stage: 'inviting', what: 'agent 2 declines', act: declines('Pass', "Ben can't right now. You are still with Dana.", anaHas), within: 0 },
  {
    stage: 'sent on',
    what: 'agent 2 declines',
    act: async ({ Ana, Ben }) => {
      await Ben.press('Pass')
      await answers(Ana)
      return anaHas
    },
    within: 5_000,
  },
  {
    stage: 'asking',
    what: 'agent 2 does not answer',
    act: async ({ Ana }) => {
      await Ana.see("Ben didn't answer. Dana is still on hold.", 25_000)
      return onHold
    },
  },
  {
    stage: 'inviting',
    what: 'agent 2 does not answer',
    act: async ({ Ana }) => {
      await Ana.see("Ben didn't answer. You are still with Dana.", 25_000)
      return anaHas
    },
    within: 0,
  },
  {
    stage: 'private',
    what: "agent 2's browser is killed",
    act: async ({ Ana, Ben }) => {
      await killOf(Ben)
      await Ana.see('You and Dana hear each other.', 25_000)
      return { Dana: 'Ana', Ana: 'Dana' }
    },
    within: 20_000,
  },
  {
    stage: 'together',
    what: "agent 2's browser is killed",
    act: async ({ Ana, Ben }) => {
      await killOf(Ben)
      await Ana.see('You and Dana hear each other.')
      return { Dana: 'Ana', Ana: 'Dana' }
    },
    within: 0,
  },
  {
    stage: 'handed over',
    what: "agent 2's browser is killed, agent 1 is asked again",
    act: async ({ Ana, Ben }) => {
      await killOf(Ben)
      await answers(Ana)
      return { Dana: 'Ana', Ana: 'Dana' }
    },
    gap: noticed,
    within: 20_000,
  },
]

const customerReloads = (then, expected) => async (world) => {
  await world.Dana.page.reload()
  await then(world)
  return expected
}

/** Dana reloads her page, and comes back to where she was. */
const customerBack = [
  { stage: 'talking', act: customerReloads(({ Ana }) => Ana.see('You and Dana hear each other.'), anaHas), within: reloaded },
  { stage: 'on hold', act: customerReloads(({ Ana }) => Ana.see("Dana hears music. You can't hear each other."), onHold) },
  {
    stage: 'private',
    act: customerReloads(({ Ana }) => Ana.see('You and Ben talk privately. Dana hears music.'), { Dana: 'music', Ana: 'Ben', Ben: 'Ana' }),
  },
  { stage: 'swapped', act: customerReloads(({ Ana }) => Ana.see('You and Dana talk. Ben waits.'), { Dana: 'Ana', Ana: 'Dana', Ben: 'music' }), within: reloaded },
  { stage: 'together', act: customerReloads(({ Ana }) => Ana.see('Everyone hears everyone.'), three), within: reloaded },
].map((one) => ({ what: "the customer's page is reloaded", gap: reloaded, ...one }))

export const cases = [...killed, ...reloads, ...notTaken, ...customerBack]
