// A call is longer than the browser token it was answered with.

import assert from 'node:assert/strict'
import { hears } from '../lib/people.mjs'
import { available, both } from '../lib/scenes.mjs'
import { story } from '../lib/story.mjs'
import { eventually } from '../lib/wait.mjs'

story(
  'a call outlives its token, and the next one rings',
  both,
  async ({ t, people, Dana, Ana }) => {
    let tokens = 0
    Ana.page.on('request', (request) => void (tokens += Number(request.url().endsWith('/agent1/token'))))
    const begun = Date.now()
    await available(Ana)
    await Dana.press('Call now')
    await Ana.press('Answer')
    await hears(people, { Dana: 'Ana', Ana: 'Dana' })
    // A token lasts 15 s and is renewed 10 s before its end: the first three are over then.
    await eventually('the fourth token', () => tokens >= 4, { within: 40_000 })
    await eventually('the first token is over', () => Date.now() - begun > 20_000, { within: 30_000 })
    t.diagnostic(`${tokens} tokens in ${Date.now() - begun} ms`)
    await hears(people, { Dana: 'Ana', Ana: 'Dana' })
    await Ana.endCall()
    await Ana.see(/^Waiting for a call\./)
    await Dana.press('Call again')
    await Ana.press('Answer')
    await hears(people, { Dana: 'Ana', Ana: 'Dana' })
    assert.equal(await Ana.page.getByText(/token|phone line/i).count(), 0)
  },
  { env: { TOKEN_TIME: '15s' } },
)
