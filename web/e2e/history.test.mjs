// What became of a call: found in the history, read, looked at and listened to.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser, Person } from './lib/people.mjs'
import { Server } from './lib/server.mjs'
import { account, assertQuiet } from './lib/story.mjs'
import { tones } from './lib/voices.mjs'
import { eventually } from './lib/wait.mjs'

test('a transfer is found in the history, with its sentences and its sound', { timeout: 60_000 }, async (t) => {
  const server = await Server.start({ RECORDING: 'on' })
  t.after(() => server.stop())
  const browser = await Browser.open(tones.Cy)
  t.after(() => browser.close())
  const open = async (name, path) => new Person(name, browser, await browser.goto(server.url + path))
  const ask = async (agent, call, request, body = {}) => {
    const response = await fetch(`${server.url}/api/calls/${call}/${request}`, {
      method: 'POST',
      headers: { 'Warmdesk-Agent': agent, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.equal(response.status, 202, await response.text())
  }
  const stage = (agent, call, want) =>
    eventually(`the call is ${want}`, async () => (await server.snapshot(agent)).calls.find((one) => one.id === call)?.stage === want)
  const people = []
  try {
    const [Ana, Ben, Dana] = [await open('Ana', '/as/agent1?mic=real'), await open('Ben', '/as/agent2?mic=real'), await open('Dana', '/call?mic=real')]
    people.push(Ana, Ben, Dana)
    await Ana.press('Go available')
    await Dana.press('Call now')
    await Ana.press('Answer')
    const id = await eventually('they talk', async () => (await server.snapshot('agent1')).calls.find((one) => one.stage === 'talking')?.id)
    await Ben.press('Go available')
    await Ben.see(/^Waiting for a call\./)
    await ask('agent1', id, 'note', { text: 'Wants a refund for order 1234.' })
    await ask('agent1', id, 'invite', { to: 'agent2' })
    await Ben.press('Answer')
    await stage('agent2', id, 'together')
    await ask('agent1', id, 'leave')
    await stage('agent2', id, 'talking')
    await ask('agent2', id, 'end')

    // From the calls, by the key of the search.
    await Ben.page.keyboard.press('/')
    await Ben.page.keyboard.type('refund')
    await Ben.page.getByRole('option', { name: /^Call with Dana/, selected: true }).waitFor()
    await Ben.page.keyboard.press('Enter')
    await Ben.see('Handed over to Ben')

    const Cy = await open('Cy', '/as/agent3/history?mic=real')
    people.push(Cy)
    const row = Cy.page.getByRole('table', { name: 'History' }).getByRole('link', { name: 'Dana' })
    await row.waitFor()
    await Cy.page.keyboard.press('/')
    await Cy.page.keyboard.type('REFUND')
    await Cy.page.waitForURL(/q=REFUND/)
    assert.equal(await Cy.page.getByRole('button', { name: 'Go available' }).isVisible(), false, 'the calls are out of the way')
    // A window as low as this has to be scrolled.
    await Cy.page.setViewportSize({ width: 1100, height: 320 })
    const scrolled = () => Cy.page.evaluate(() => window.scrollY)
    await row.focus()
    await Cy.page.evaluate(() => window.scrollBy(0, 40))
    const place = await scrolled()
    assert.ok(place > 0, 'the list is scrolled')
    await row.press('Enter')
    await Cy.see('Handed over to Ben')
    for (const sentence of ['Dana called.', 'Ana and Dana hear each other.', 'Wants a refund for order 1234.']) await Cy.see(sentence)
    await Cy.page.getByText('As a table').click()
    assert.match(await Cy.page.getByRole('row', { name: /^Ben Talking/ }).first().innerText(), /\d:\d\d/)

    // The recording is complete a moment after the call.
    const player = Cy.page.locator('audio')
    await player.waitFor()
    await Cy.page.getByRole('group', { name: 'Speed' }).getByRole('button', { name: '1.5x' }).click()
    await player.evaluate((audio) => audio.play())
    await eventually('it plays', () => player.evaluate((audio) => audio.currentTime > 0.3 && audio.duration > 0.5 && audio.playbackRate === 1.5))

    await Cy.page.goBack()
    await row.waitFor()
    await eventually('the row that was opened has the focus', () => row.evaluate((link) => link === document.activeElement))
    await eventually('the list is where it was left', async () => (await scrolled()) === place)
    assert.equal(await Cy.page.getByRole('searchbox', { name: 'Search' }).inputValue(), 'REFUND')
    for (const one of people) await assertQuiet(one)
  } catch (error) {
    error.message += await account(people, server)
    throw error
  }
})
