// The stages of a call, each with the way people get there.

import { hears } from '../lib/people.mjs'

async function talking({ people, Dana, Ana }) {
  await Dana.press('Call now')
  await Ana.see(/^Dana is calling\./)
  await Ana.press('Answer')
  await Ana.see('You and Dana hear each other.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
}

async function asking(world) {
  const { people, Ana, Ben } = world
  await talking(world)
  await Ana.askPrivately('Ben')
  await Ben.see(/^Ana wants your help with Dana\. Dana is on hold \d:\d\d and can't hear you\.$/)
  await hears(people, { Dana: 'music', Ana: 'silence' })
}

async function inviting(world) {
  const { Ana, Ben } = world
  await talking(world)
  await Ana.bringIn('Ben')
  await Ben.see('Ana wants you in the call with Dana. They hear each other.')
}

async function together(world) {
  await inviting(world)
  await world.Ben.press('Answer')
  await world.Ana.see('Everyone hears everyone.')
  await hears(world.people, { Dana: 'Ana Ben', Ana: 'Dana Ben', Ben: 'Dana Ana' })
}

async function inPrivate(world) {
  await asking(world)
  await world.Ben.press('Join Ana privately')
  await world.Ana.see('You and Ben talk privately. Dana hears music.')
  await hears(world.people, { Dana: 'music', Ana: 'Ben', Ben: 'Ana' })
}

/** Each brings Dana, Ana and Ben from nothing into a stage, and sees that they are in it. */
export const stages = {
  async ringing({ Dana, Ana }) {
    await Dana.press('Call now')
    await Ana.see(/^Dana is calling\./)
  },
  talking,
  async 'on hold'(world) {
    await talking(world)
    await world.Ana.press('Hold')
    await world.Ana.see("Dana hears music. You can't hear each other.")
    await hears(world.people, { Dana: 'music', Ana: 'silence' })
  },
  asking,
  inviting,
  private: inPrivate,
  async swapped(world) {
    await inPrivate(world)
    await world.Ana.press('Swap to Dana')
    await world.Ana.see('You and Dana talk. Ben waits.')
    await hears(world.people, { Dana: 'Ana', Ana: 'Dana', Ben: 'music' })
  },
  together,
  /** From private, so that Dana has to be let in; it lasts for some hundredths of a second. */
  async 'handing over'(world) {
    await inPrivate(world)
    await world.Ana.press('Hand over to Ben')
  },
  async 'handed over'(world) {
    await together(world)
    await world.Ana.press('Leave - Ben stays with Dana')
    await world.Ana.see('Ben has Dana.')
    await hears(world.people, { Dana: 'Ben', Ana: 'silence', Ben: 'Dana' })
  },
  async 'taken back'(world) {
    await stages['handed over'](world)
    await world.Ana.press('Take back')
    await world.Ana.see('You and Dana hear each other.')
    await hears(world.people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
  },
  async 'sent on'(world) {
    const { Ana, Ben, people } = world
    await talking(world)
    await Ana.press('Bring someone in')
    await Ana.click(Ana.colleague('Ben', 'Send without asking'))
    await Ana.press('Send Dana to Ben')
    await Ben.see('Ana sends you Dana. Dana hears music.')
    await hears(people, { Dana: 'music' })
  },
}
