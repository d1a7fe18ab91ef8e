// A ring is noticed and is over (A9), nothing goes on moving (A5), and a call outlives
// the desk's absence (A8).

import assert from 'node:assert/strict'
import { hears } from './lib/people.mjs'
import { available, both } from './lib/scenes.mjs'
import { rate, toneLevel } from './lib/sound.mjs'
import { story } from './lib/story.mjs'
import { eventually } from './lib/wait.mjs'

/** A second and a half of tolerance would hide a bug: this is what A9 allows, in ms. */
const atOnce = 500

/** Runs in the page: nobody looks at it, and what would be noticed outside is written down with its time. */
function nobodyLooks() {
  const noted = (window.noted = { popUps: [], sounds: [] })
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })
  document.hasFocus = () => false
  window.Notification = class {
    static permission = 'granted'
    constructor(title, options) {
      noted.popUps.push(Object.assign(this, { title, body: options.body, tag: options.tag, at: Date.now(), closed: 0 }))
    }
    close() {
      this.closed = Date.now()
    }
  }
  // What goes to the loudspeaker is listened to on its way there.
  const connect = AudioNode.prototype.connect
  const listening = new WeakMap()
  AudioNode.prototype.connect = function (to, ...rest) {
    if (!(to instanceof AudioDestinationNode)) return connect.call(this, to, ...rest)
    let analyser = listening.get(this.context)
    if (!analyser) {
      analyser = this.context.createAnalyser()
      listening.set(this.context, analyser)
      const samples = new Float32Array(analyser.fftSize)
      setInterval(() => {
        analyser.getFloatTimeDomainData(samples)
        if (samples.some((sample) => Math.abs(sample) > 0.01)) noted.sounds.push(Date.now())
      }, 20)
    }
    connect.call(this, analyser)
    return connect.call(this, to, ...rest)
  }
}

/** Runs in the page: Go available is pressed by a program, and there is no microphone for it. */
function pressedByNobody(denied) {
  if (denied) {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  }
  const timer = setInterval(() => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === 'Go available')
    if (!button || button.disabled) return
    clearInterval(timer)
    button.click()
    console.log('pressed')
  }, 50)
}

/** Whether a tone (Hz) has 80 ms of some sound; keys are played at -12 and -10 dBFS. */
const someMoment = (samples, tone) => {
  const length = 0.08 * rate
  for (let at = 0; at + length <= samples.length; at += length / 4) {
    if (toneLevel(samples.subarray(at, at + length), tone) > -16) return true
  }
  return false
}

const noted = (person) => person.page.evaluate(() => window.noted)
const moving = (page) => page.evaluate(() => document.getAnimations().filter((one) => one.playState === 'running').length)
const presence = async (server, agent) => (await (await fetch(`${server.url}/api/agents/${agent}/snapshot`)).json()).presence

story('a ring is noticed, is over at once, and the call outlives the absence of the desk', both, async (world) => {
  const { server, people, Dana, Ana, t } = world
  // Who cannot be heard, or would not hear it ring, is not available.
  for (const [agent, denied, told] of [
    ['agent2', false, 'Your browser blocked sound. Click to allow.'],
    ['agent3', true, /^Your microphone is blocked, so you can't take calls\./],
  ]) {
    const page = await Ana.browser.context.newPage()
    await page.addInitScript(pressedByNobody, denied)
    // Whatever a test asks of a page counts as a gesture there: not before the press.
    const pressed = page.waitForEvent('console', (message) => message.text() === 'pressed')
    await page.goto(`${server.url}/as/${agent}?mic=real`)
    await pressed
    if (denied) {
      await page.getByText('Your browser blocked sound. Click to allow.').waitFor()
      await page.getByRole('button', { name: 'Go available' }).click()
    }
    await page.getByText(told).first().waitFor()
    if (denied) await page.getByRole('img', { name: /^Press the mark left of the address/ }).waitFor()
    assert.equal(await presence(server, agent), 'offline')
    await page.close()
  }

  // A test call is heard by who makes it, and is nobody's call.
  await Ana.press('My audio')
  await Ana.press('Make a test call')
  await Ana.see('Speak. You hear yourself a second later.')
  await hears(people, { Ana: 'Ana', Dana: 'silence' })
  await Ana.press('End test call')
  await Ana.see(/^You sound fine: level good, (round trip \d+ ms, )?loss \d %\.$/)
  t.diagnostic(await Ana.page.getByText(/^You sound fine/).innerText())
  assert.deepEqual((await (await fetch(`${server.url}/api/calls.json`, { headers: { 'Warmdesk-Agent': 'agent1' } })).json()).calls, [])

  await Ana.browser.context.addInitScript(nobodyLooks)
  await Ana.page.reload()
  await Ana.page.emulateMedia({ reducedMotion: 'reduce' })
  await available(Ana)
  assert.ok((await noted(Ana)).sounds.length > 0, 'the chime is heard')
  await Dana.press('Call now')
  await Ana.page.waitForFunction(() => document.title === '(1) Dana is calling')
  const rung = Date.now()
  const first = await eventually('a pop-up and a sound', async () => {
    const { popUps, sounds } = await noted(Ana)
    return popUps.length > 0 && sounds.some((at) => at > popUps[0].at - atOnce && at > rung - atOnce) && popUps[0]
  })
  t.diagnostic(`title, pop-up and sound within ${Date.now() - rung} ms of each other`)
  assert.equal(first.title, 'Dana is calling')
  assert.match(first.body, /^Waited 0:0\d\.$/)
  assert.equal(await moving(Ana.page), 0, 'nothing moves for who wants it so')
  await Ana.page.emulateMedia({ reducedMotion: 'no-preference' })
  const ends = await Ana.page.evaluate(() => document.getAnimations().map((one) => one.effect.getComputedTiming().endTime))
  assert.ok(ends.every((ms) => ms <= 5_000), `it moves for ${Math.max(...ends)} ms`)
  assert.equal(await Ana.page.locator('link[rel=icon]').getAttribute('href'), '/assets/icon-ringing.svg')
  assert.equal(await Ana.page.getByRole('alert').filter({ hasText: 'Incoming call from Dana. Press A to answer.' }).count(), 1)

  // Passed somewhere else: all of it is over at once, and so it stays.
  const passed = Date.now()
  const answer = await fetch(`${server.url}/api/calls/${first.tag}/pass`, { method: 'POST', headers: { 'Warmdesk-Agent': 'agent1' } })
  assert.equal(answer.status, 202)
  await eventually('the tab is calm again', async () => {
    const icon = await Ana.page.locator('link[rel=icon]').getAttribute('href')
    return (await noted(Ana)).popUps[0].closed > 0 && icon === '/assets/icon.svg' && (await Ana.page.title()) === 'Desk - Available'
  })
  t.diagnostic(`calm after ${Date.now() - passed} ms`)

  // She takes her from the line; meanwhile it would have rung twice more.
  await Ana.press('Answer Dana')
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  const { sounds } = await noted(Ana)
  assert.deepEqual(sounds.filter((at) => at > passed + atOnce), [], 'no ring is heard once it was passed')

  // Keys are heard.
  await Ana.press('Keypad')
  await Ana.press('5')
  await eventually('Dana hears the two tones of the key', async () => {
    const heard = await Dana.ears.last(1_500)
    return [770, 1336].every((tone) => someMoment(heard, tone))
  })
  await Ana.page.keyboard.press('Escape')

  // The desk is away, the call is not.
  await Ana.browser.context.setOffline(true)
  await Ana.see("Live updates are paused; your call's audio is fine. Reconnecting...")
  assert.ok(await Ana.page.getByRole('button', { name: 'Hold', exact: true }).isDisabled())
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  await Ana.press('Mute')
  await hears(people, { Dana: 'silence', Ana: 'Dana' })
  // Not the hint's, which is there for whoever speaks for long enough.
  await Ana.click(Ana.page.getByRole('region', { name: 'Current call' }).getByRole('button', { name: 'Unmute', exact: true }))
  await Ana.see('You and Dana hear each other.')
  await Ana.browser.context.setOffline(false)
  await Ana.see('Back online. Nothing was lost.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  const snapshot = await (await fetch(`${server.url}/api/agents/agent1/snapshot`)).json()
  assert.equal(await Ana.page.getByRole('region', { name: 'Current call' }).locator('.sentence p').first().innerText(), snapshot.calls[0].sentence)
  await eventually('the board knows how well it is heard', async () => {
    const board = await (await fetch(`${server.url}/api/board`, { headers: { 'Warmdesk-Agent': 'agent1' } })).json()
    return board.calls[0].quality?.word
  })
  // That it could not be reached is what Chromium had to say about it.
  Ana.browser.complaints = Ana.browser.complaints.filter((one) => !one.includes('ERR_INTERNET_DISCONNECTED'))
})
