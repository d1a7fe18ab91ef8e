// A session that is lost in the middle of a call takes the buttons, never the call.

import assert from 'node:assert/strict'
import { hears } from './lib/people.mjs'
import { shot, story } from './lib/story.mjs'
import { eventually } from './lib/wait.mjs'

const password = 'correct horse'

story(
  'an agent is signed out in a call, hears on, and signs in again',
  { Dana: '/call?name=Dana', Ana: '/' },
  async ({ server, people, Dana, Ana }) => {
    assert.match(await server.command(['user', 'add', 'ana', 'Ana', '--role', 'agent'], password), /Ana may sign in/)
    await shot(Ana, 'sign-in')
    await Ana.page.getByLabel('Name').fill('ana')
    await Ana.page.getByLabel('Password').fill(password)
    await Ana.press('Sign in')
    await Ana.press('Go available')
    await Dana.press('Call now')
    await Ana.press('Answer')
    await hears(people, { Dana: 'Ana', Ana: 'Dana' }, { stays: 400 })

    await server.command(['user', 'signout', 'ana'])
    await Ana.see('You were signed out. You still hear Dana. Sign in to use the buttons.')
    await hears(people, { Dana: 'Ana', Ana: 'Dana' }, { stays: 400 })
    assert.equal(await Ana.page.getByRole('button', { name: 'Hold' }).isEnabled(), false)
    await Ana.page.getByRole('status').getByRole('button', { name: 'Sign in', exact: true }).click()
    const dialog = Ana.page.getByRole('dialog', { name: 'Sign in as Ana' })
    await dialog.getByLabel('Password').fill(password)
    await shot(Ana, 'sign-in-again')
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await Ana.press('Hold')
    await hears(people, { Dana: 'music', Ana: 'silence' }, { stays: 400 })
    await Ana.endCall()
    await eventually('the call is over', () => Dana.page.getByText(/^Call ended/).isVisible())
    assert.match(await server.command(['audit']), /sign_out_everywhere/)
    // The browser notes that a token was refused meanwhile.
    const { complaints } = Ana.browser
    complaints.splice(0, Infinity, ...complaints.filter((one) => !/status of 401 .*\/ana\/token/.test(one)))
  },
  { env: { AGENTS: 'ben=Ben:another secret', TOKEN_TIME: '15s' } },
)
