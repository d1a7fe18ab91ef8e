// A transfer with a talk in private before it. Whoever is on hold hears music and
// is not heard, at no moment and on no way from one state to the next.

import assert from 'node:assert/strict'
import { Keyboard, listenIn, said } from './lib/keyboard.mjs'
import { hears } from './lib/people.mjs'
import { longestGap } from './lib/sound.mjs'
import { shot, story } from './lib/story.mjs'
import { everHeard } from './lib/voices.mjs'
import { eventually } from './lib/wait.mjs'

const everybody = { Dana: '/call?mic=real', Ana: '/as/agent1?mic=real', Ben: '/as/agent2?mic=real' }

/** Sound that was spoken before a moment reaches the ears a little after it. */
const underway = 400

/** connect brings Dana and Ana together, with Ben free. */
async function connect({ people, Dana, Ana, Ben }) {
  for (const agent of [Ana, Ben]) {
    await agent.press('Go available')
    await agent.see('Waiting for a call. 0 people in the queue.')
  }
  await Dana.press('Call now')
  await Ana.see(/^Dana is calling\./)
  await Ana.press('Answer')
  await Ana.see('You and Dana hear each other.')
  await Dana.see('Ana is here.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
}

story('a private talk, a swap, all three, and a hand-over', everybody, async (world) => {
  const { t, people, Dana, Ana, Ben } = world
  const hear = (expected) => hears(people, expected)
  /** Who was ever heard by somebody since a time; nobody hears themselves, but there may be music. */
  const heardBy = async (person, since) =>
    everHeard(await person.ears.between(since, Date.now() - 150)).filter((name) => name !== person.name)
  await connect(world)
  const talking = Date.now()

  // Dana hears music while Ben's phone rings, and nothing of what the two say.
  const asked = Date.now()
  await Ana.askPrivately('Ben')
  await Ben.see(/^Ana wants your help with Dana\. Dana is on hold \d:\d\d and can't hear you\.$/)
  await Ana.see('Dana hears music. Ringing Ben (20 s).')
  await Dana.see('Ana is asking a colleague.')
  await hear({ Dana: 'music', Ana: 'silence', Ben: 'silence' })
  const alone = Date.now() - underway
  await shot(Ana, 'asking')
  await shot(Ben, 'asked')
  await Ben.press('Join Ana privately')
  await Ana.see('You and Ben talk privately. Dana hears music.')
  await Ben.see('You and Ana talk privately. Dana hears music.')
  await hear({ Dana: 'music', Ana: 'Ben', Ben: 'Ana' })
  t.diagnostic(`in private ${Date.now() - asked} ms after asking`)
  await shot(Ana, 'private')
  assert.deepEqual(await heardBy(Dana, alone), [], 'Dana hears nobody in private')
  assert.deepEqual(await heardBy(Ana, alone), ['Ben'], 'Ana hears Ben only')
  assert.deepEqual(await heardBy(Ben, talking), ['Ana'], 'Ben has never heard Dana')
  const swapping = Date.now() - underway

  // Swapped: Ben is the one who hears music.
  await Ana.press('Swap to Dana')
  await Ana.see('You and Dana talk. Ben waits.')
  await Ben.see('Ana and Dana talk. You hear music.')
  await hear({ Dana: 'Ana', Ana: 'Dana', Ben: 'music' })
  await shot(Ana, 'swapped')
  assert.deepEqual(await heardBy(Dana, alone), ['Ana'], 'Dana has never heard Ben')
  assert.deepEqual(await heardBy(Ben, swapping), ['Ana'], 'Ben has still never heard Dana')

  await Ana.press('Join all three')
  await Ana.see('Everyone hears everyone.')
  await hear({ Dana: 'Ana Ben', Ana: 'Dana Ben', Ben: 'Dana Ana' })

  // In private again, with the one who is there.
  await Ana.press('Private with Ben')
  await Ben.see('You and Ana talk privately. Dana hears music.')
  const again = Date.now() + underway
  await hear({ Dana: 'music', Ana: 'Ben', Ben: 'Ana' })
  await eventually('a while in private', () => Date.now() > again + 1_000)
  assert.deepEqual(await heardBy(Dana, again), [], 'Dana hears nobody in private again')
  assert.deepEqual(await heardBy(Ben, again), ['Ana'], 'Ben hears Ana only')

  const handing = Date.now()
  await Ana.press('Hand over to Ben')
  await Ben.see('You and Dana hear each other.')
  await Dana.see("You're now with Ben.")
  await Ana.see('Ben has Dana.')
  await hear({ Dana: 'Ben', Ana: 'silence', Ben: 'Dana' })
  t.diagnostic(`handed over and heard ${Date.now() - handing} ms after the press`)
  await shot(Ana, 'handed-over')
  await Ana.press('Finish')
  await Ana.see('Waiting for a call. 0 people in the queue.')
  await hear({ Dana: 'Ben', Ana: 'silence', Ben: 'Dana' })

  const gap = longestGap(await Dana.ears.between(talking, Date.now() - 200))
  t.diagnostic(`Dana's longest gap ${gap.ms} ms`)
  assert.ok(gap.ms <= 300, `Dana heard nothing for ${gap.ms} ms, ${gap.at} ms into the call`)
  await Ben.endCall()
  await Dana.see(/^Call ended - 0:\d\d\.$/)
})

story('by keys: a hand-over, taken back, a refusal, and a hand-over again', everybody, async (world) => {
  const { t, people, Dana, Ana, Ben } = world
  const hear = (expected) => hears(people, expected)
  const keys = new Keyboard(Ana)
  await keys.tabTo('Go available')
  await keys.press('Enter')
  await Ana.see('Waiting for a call. 0 people in the queue.')
  await Ben.press('Go available')
  await Ben.see('Waiting for a call. 0 people in the queue.')
  await listenIn(Ana)
  await Dana.press('Call now')
  await Ana.see(/^Dana is calling\./)
  await keys.press('a')
  await Ana.see('You and Dana hear each other.')
  await hear({ Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
  const talking = Date.now()

  // Keys that are typed into a field are text; Enter asks the first one found.
  const answered = keys.presses
  await keys.press('t')
  await keys.type('be')
  await keys.press('Enter')
  await Ben.see(/^Ana wants your help with Dana\. Dana is on hold \d:\d\d and can't hear you\.$/)
  await Ana.see('Dana hears music. Ringing Ben (20 s).')
  await Ben.page.keyboard.press('a')
  await Ana.see('You and Ben talk privately. Dana hears music.')
  await hear({ Dana: 'music', Ana: 'Ben', Ben: 'Ana' })
  await keys.press('j')
  await Ana.see('Everyone hears everyone.')
  await keys.press('l')
  await Ana.see('Ben has Dana.')
  t.diagnostic(`from answered to handed over: ${keys.presses - answered} presses, a name counted as one`)
  assert.ok(keys.presses - answered <= 5)
  const told = await said(Ana)
  t.diagnostic(`a screen reader is told ${told.length} times: ${told.join(' | ')}`)
  assert.ok(told.length <= 12)
  // A step between two states may be over before the page hears of it.
  assert.deepEqual(told.filter((one) => !one.endsWith('...')), [
    'Waiting for a call. 1 person in the queue.',
    'Incoming call from Dana. Press A to answer.',
    'You and Dana hear each other.',
    'Dana hears music. Ringing Ben (20 s).',
    'You and Ben talk privately. Dana hears music.',
    'Everyone hears everyone.',
    'Ben has Dana.',
  ])
  await hear({ Dana: 'Ben', Ana: 'silence', Ben: 'Dana' })

  const back = Date.now()
  await keys.press('u')
  await Ana.see('You and Dana hear each other.')
  await hear({ Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
  t.diagnostic(`taken back and heard ${Date.now() - back} ms after the key`)

  // Every letter of this is a key of the call, and none of them is meant.
  await keys.press('n')
  await keys.type('the mashed halo')
  await keys.press('Escape')
  assert.equal(await Ana.page.getByLabel('Notes').inputValue(), 'the mashed halo')
  await hear({ Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
  await Ana.see('You and Dana hear each other.')

  await keys.press('h')
  await Ana.see("Dana hears music. You can't hear each other.")
  await Dana.see(/^Ana put you on hold/)
  await hear({ Dana: 'music', Ana: 'silence', Ben: 'silence' })
  await Ana.see(/^On hold 0:0\d$/)
  await shot(Ana, 'held')
  await keys.press('h')
  await Ana.see('You and Dana hear each other.')
  await hear({ Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })

  // Without a letter: with the keys off, Tab and Enter reach everything.
  await keys.press('g')
  await keys.press('s')
  await keys.tabOn('My shortcuts', 'link')
  await keys.press('Enter')
  await keys.tabOn('Single-key shortcuts', 'switch')
  await keys.press('Space')
  await keys.tabTo('Calls', 'link')
  await keys.press('Enter')
  for (const key of ['h', 'm', 'b', 't']) await keys.press(key)
  await Ana.see('You and Dana hear each other.')
  await keys.tabTo('Bring someone in')
  await keys.press('Enter')
  await keys.type('be')
  await keys.press('Enter')
  await Ben.see(/^Ana wants your help with Dana\. Dana is on hold \d:\d\d and can't hear you\.$/)
  await Ben.press('Not now')
  await Ana.see("Ben can't right now. Dana is still on hold.")
  await hear({ Dana: 'music', Ana: 'silence', Ben: 'silence' })
  await keys.tabTo('Try someone else')
  await keys.press('Enter')
  await keys.press('Enter')
  await Ben.see(/^Ana wants your help with Dana\. Dana is on hold \d:\d\d and can't hear you\.$/)
  const bens = new Keyboard(Ben)
  await bens.tabTo('Join Ana privately')
  await bens.press('Enter')
  await Ana.see('You and Ben talk privately. Dana hears music.')
  await keys.tabTo('Join all three')
  await keys.press('Enter')
  await Ana.see('Everyone hears everyone.')
  await keys.tabTo('Leave - Ben stays with Dana')
  await keys.press('Enter')
  await Ana.see('Ben has Dana. Notes sent.')
  await keys.tabTo('Finish')
  await keys.press('Enter')
  await Ana.see('Waiting for a call. 0 people in the queue.')
  await hear({ Dana: 'Ben', Ana: 'silence', Ben: 'Dana' })
  t.diagnostic(`nothing is farther than ${Math.max(keys.farthest, bens.farthest)} Tab stops from the top`)
  assert.equal(Ana.clicks, 0)
  const gap = longestGap(await Dana.ears.between(talking, Date.now() - 200))
  t.diagnostic(`Dana's longest gap ${gap.ms} ms`)
  assert.ok(gap.ms <= 300, `Dana heard nothing for ${gap.ms} ms`)
})
