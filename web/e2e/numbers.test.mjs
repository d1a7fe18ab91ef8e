// A telephone is brought in by its number, gets the customer, and is heard.

import { hears } from './lib/people.mjs'
import { shot, story } from './lib/story.mjs'
import { tones } from './lib/voices.mjs'

const robin = '+1 202-555-0100'

story(
  'a customer is handed over to a telephone number',
  { Dana: '/call?mic=real', Ana: '/as/agent1?mic=real' },
  async ({ people, Dana, Ana }) => {
    await Ana.press('Go available')
    await Dana.press('Call now')
    await Ana.press('Answer')
    await hears(people, { Dana: 'Ana', Ana: 'Dana' }, { stays: 200 })
    await Ana.press('Bring someone in')
    await Ana.press('Robin answers')
    await shot(Ana, 'numbers')
    await Ana.click(Ana.colleague(robin))
    await Ana.see('Everyone hears everyone.')
    // Robin speaks with Cy's voice.
    await hears(people, { Dana: 'Ana Cy', Ana: 'Dana Cy' }, { stays: 400 })
    await Ana.press(`Leave - ${robin} stays with Dana`)
    await hears(people, { Dana: 'Cy' }, { stays: 400 })
    await Ana.press('Finish')
    await Dana.press('End')
  },
  { env: { TEST_PHONES: `+12025550100=answer:${tones.Cy}Hz,+12025550101=busy,+12025550102=machine` } },
)
