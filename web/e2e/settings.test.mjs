// What an admin sets holds for the next call, without a restart.

import assert from 'node:assert/strict'
import { shot, story } from './lib/story.mjs'

story('an admin changes the ring time and the welcome, takes one back, and the next call obeys', { Ana: '/as/agent1/settings/transfers', Dana: '/call?mic=real' }, async ({ server, Ana, Dana }) => {
  const page = Ana.page
  const ring = page.getByRole('spinbutton', { name: 'Ring time' })
  await ring.fill('5')
  await ring.press('Tab')
  await Ana.see('Saved')
  await page.getByRole('link', { name: 'Numbers and routing' }).click()
  const welcome = page.getByRole('textbox', { name: 'Welcome', exact: true })
  await welcome.fill('Good day. This is the <new> welcome.')
  const saved = page.waitForResponse((response) => response.url().endsWith('/api/settings/prompts') && response.ok())
  await welcome.press('Tab')
  assert.equal((await (await saved).json()).settings.prompts['en.welcome'], 'Good day. This is the <new> welcome.')
  await shot(Ana, 'settings')
  await Ana.press('Undo')
  await page.waitForFunction(() => [...document.querySelectorAll('textarea')].some((one) => one.value.startsWith('Thank you for calling')))

  await page.getByRole('link', { name: 'Calls' }).click()
  await Ana.press('Go available')
  await Ana.see(/^Waiting for a call\./)
  await Dana.press('Call now')
  await Ana.see(/Dana is calling/)
  const rang = Date.now()
  await page.getByRole('button', { name: 'Answer', exact: true }).waitFor({ state: 'detached', timeout: 12_000 })
  const took = Date.now() - rang
  assert.ok(took > 2_500 && took < 9_000, `it rang for ${took} ms, and 5 s was set`)
  assert.equal((await server.snapshot('agent1')).calls.length, 0)
})
