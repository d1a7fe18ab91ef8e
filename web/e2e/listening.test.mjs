// A lead listens, coaches and joins from the board: who hears her is what it says.

import { hears } from './lib/people.mjs'
import { everybody, talk } from './lib/scenes.mjs'
import { story } from './lib/story.mjs'

const board = { ...everybody, Ben: '/as/agent2/board?mic=real' }
const briefly = { stays: 400 }

story('a lead is heard by nobody, by the agent alone, by everybody', board, async (scene) => {
  const { people, Dana, Ana, Ben } = scene
  await talk(scene)
  await Ben.press('Listen, Dana')
  await Ana.see('Ben is listening.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'Dana Ana' }, briefly)
  await Ben.press('Coach, Dana')
  await Ana.see('Ben is coaching you: only you hear Ben.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana Ben', Ben: 'Dana Ana' }, briefly)
  await Ben.press('Join, Dana')
  await Dana.see(/Ben joined\.$/)
  await hears(people, { Dana: 'Ana Ben', Ana: 'Dana Ben', Ben: 'Dana Ana' }, briefly)
  await Ben.press('Stop listening, Dana')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' }, briefly)
})
