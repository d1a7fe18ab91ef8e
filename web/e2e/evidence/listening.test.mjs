// A lead follows an agent into a private talk, coaches her there, and stays when she
// hands the customer over.

import { hears } from '../lib/people.mjs'
import { available, everybody, talk } from '../lib/scenes.mjs'
import { story } from '../lib/story.mjs'

const board = { ...everybody, Cy: '/as/agent3/board?mic=real' }

story('a lead hears what the agent hears, in private and after a hand-over', board, async (scene) => {
  const { people, Dana, Ana, Ben, Cy } = scene
  await talk(scene)
  await available(Ben)
  await Cy.press('Listen, Dana')
  await Ana.see('Cy is listening.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence', Cy: 'Dana Ana' })

  await Cy.see(/^(Good|Fair|Weak)$/) // as Ana's page measures it

  await Ana.askPrivately('Ben')
  await Ben.press('Join Ana privately')
  await Ben.see('Cy is listening.')
  await hears(people, { Dana: 'music', Ana: 'Ben', Ben: 'Ana', Cy: 'Ana Ben' })
  await Cy.press('Coach, Dana')
  await Ben.see('Cy is coaching Ana.')
  await hears(people, { Dana: 'music', Ana: 'Ben Cy', Ben: 'Ana', Cy: 'Ana Ben' })

  await Ana.press('Hand over to Ben')
  await Dana.see("You're now with Ben.")
  await Ben.see('Cy is listening.') // whom she coached is gone
  await hears(people, { Dana: 'Ben', Ana: 'silence', Ben: 'Dana', Cy: 'Dana Ben' })
})
