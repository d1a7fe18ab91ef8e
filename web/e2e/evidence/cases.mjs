// What can happen in the stages of a call, and what must come of it
// (docs/transfer.md). Each act does it, lets people do what they would do then, and
// returns who must hear whom. back: how long (ms) a page may take to be in the call
// again; accepts: the customer's own line is new, and what she hears counts from then on.

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

/** closeOf closes somebody's tab; its browser stays. */
const closeOf = (person) => person.page.close()

/** gone is an act: Ana leaves in some way, and Ben does what there is for him to do. */
const gone = (leave, then) => async (world) => {
  await leave(world.Ana)
  await then(world)
  return benHas
}

/** The customer comes back to the line, and whoever is rung is told so. */
const returned = async ({ Ben }) => {
  await Ben.see('Returned', 30_000)
  await answers(Ben)
}

/** What Ben does in each stage when Ana is gone without a word. */
const withoutAna = [
  { stage: 'ringing', then: ({ Ben }) => answers(Ben), within: 30_000 },
  { stage: 'talking', then: returned, gap: noticed, within: 30_000 },
  { stage: 'on hold', then: returned, within: 30_000 },
  {
    stage: 'asking',
    then: async ({ Ben }) => {
      await Ben.see("Ana's connection dropped. Dana hears music.")
      await answers(Ben)
      await Ben.see('You and Dana hear each other.', 12_000)
    },
    within: 20_000,
  },
  {
    stage: 'inviting',
    then: async ({ Ben }) => {
      await Ben.see("Ana's connection dropped. Dana hears music.")
      await answers(Ben)
    },
    gap: noticed,
    within: 12_000,
  },
  {
    stage: 'private',
    then: async ({ Ben }) => {
      await Ben.see('Ana lost the connection. Dana hears music. Take Dana, or wait a moment for Ana.')
      await Ben.press('Take')
    },
    within: 12_000,
  },
  { stage: 'private', word: ', agent 2 does nothing', then: ({ Ben }) => Ben.see('You and Dana hear each other.', 20_000), within: 15_000 },
  { stage: 'swapped', then: ({ Ben }) => Ben.see('You and Dana hear each other.'), gap: noticed, within: 8_000 },
  { stage: 'together', then: ({ Ben }) => Ben.see('You and Dana hear each other.'), within: 0 },
  { stage: 'handing over', then: ({ Ben }) => Ben.see('You and Dana hear each other.'), within: 1_500 },
  { stage: 'handed over', then: async () => {}, within: 0 },
  { stage: 'taken back', then: returned, gap: noticed, within: 30_000 },
]

/** Ana's browser is killed, which is noticed when its packets stop; or her tab is closed, which says so. */
const left = [
  ...withoutAna.map(({ then, word = '', ...one }) => ({ what: `agent 1's browser is killed${word}`, act: gone(killOf, then), ...one })),
  ...withoutAna.filter(({ word }) => !word).map(({ then, ...one }) => ({ ...one, what: "agent 1's tab is closed", act: gone(closeOf, then), gap: 300 })),
]

/** How long (ms) a page may take until it shows the call again, after the reload. */
const inPlace = { agent: 3_000, customer: 5_000 }

/** reloadOf reloads somebody's page and notes in world.back how long it took until what tells them so was there. */
async function reloadOf(world, person, shown) {
  const at = Date.now()
  await person.page.reload()
  await shown.waitFor()
  world.back = Date.now() - at
}

const reload = (then, expected) => async (world) => {
  await reloadOf(world, world.Ana, world.Ana.page.getByRole('region', { name: 'Current call' }))
  await then(world)
  return expected
}

/** Ana reloads her page. */
const reloads = [
  // The page says no to the ring when it goes, so that its call is somebody else's.
  {
    stage: 'ringing',
    act: async ({ Ana, Ben }) => {
      await Ana.page.reload()
      await answers(Ben)
      return { ...benHas, Ana: 'silence' }
    },
    within: 8_000,
  },
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
].map((one) => ({ what: "agent 1's page is reloaded", back: inPlace.agent, ...one }))

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
    what: 'agent 2 leaves',
    // Ana is asked first, and taken back to the customer after 10 s.
    act: async ({ Ana, Ben }) => {
      await Ben.press('Leave - Ana stays with Dana')
      await Ana.see('You and Dana hear each other.', 15_000)
      return anaHas
    },
    within: 20_000,
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
  await reloadOf(world, world.Dana, world.Dana.page.getByRole('button', { name: 'End', exact: true }))
  await then(world)
  return expected
}

/** Dana reloads her page, and comes back to where she was. */
const customerBack = [
  { stage: 'talking', act: customerReloads(({ Ana }) => Ana.see('You and Dana hear each other.'), anaHas), within: reloaded },
  { stage: 'on hold', act: customerReloads(({ Ana }) => Ana.see("Dana hears music. You can't hear each other."), onHold) },
  // Nobody is rung for a customer who is away.
  { stage: 'asking', act: customerReloads(({ Ana }) => Ana.see("Dana hears music. You can't hear each other."), onHold) },
  {
    stage: 'private',
    act: customerReloads(({ Ana }) => Ana.see('You and Ben talk privately. Dana hears music.'), { Dana: 'music', Ana: 'Ben', Ben: 'Ana' }),
  },
  { stage: 'swapped', act: customerReloads(({ Ana }) => Ana.see('You and Dana talk. Ben waits.'), { Dana: 'Ana', Ana: 'Dana', Ben: 'music' }), within: reloaded },
  { stage: 'together', act: customerReloads(({ Ana }) => Ana.see('Everyone hears everyone.'), three), within: reloaded },
].map((one) => ({ what: "the customer's page is reloaded", back: inPlace.customer, gap: inPlace.customer, accepts: true, ...one }))

/** The stages of which every half second of what the customer hears is told. */
export const listened = ['on hold', 'asking', 'private', 'together']

export const cases = [...left, ...reloads, ...notTaken, ...customerBack]
