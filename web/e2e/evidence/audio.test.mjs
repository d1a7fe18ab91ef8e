// Microphone and loudspeaker in a real browser: looked at, chosen, changed in mid-call,
// gone, and what the page says of each; and of a network that takes everything along.

import assert from 'node:assert/strict'
import { hears } from '../lib/people.mjs'
import { available, both } from '../lib/scenes.mjs'
import { story } from '../lib/story.mjs'
import { eventually } from '../lib/wait.mjs'

/** Runs in the page: microphones can be pulled out, and fall silent. */
function pluggable() {
  window.pulled = new Set()
  window.tracks = []
  const devices = navigator.mediaDevices
  const [list, open] = [devices.enumerateDevices.bind(devices), devices.getUserMedia.bind(devices)]
  devices.enumerateDevices = async () => (await list()).filter((one) => !window.pulled.has(one.label))
  devices.getUserMedia = async (constraints) => {
    const wanted = constraints.audio?.deviceId?.exact
    const there = (await devices.enumerateDevices()).filter((one) => one.kind === 'audioinput')
    if (wanted && !there.some((one) => one.deviceId === wanted)) throw new DOMException('pulled', 'OverconstrainedError')
    if (there.length === 0) throw new DOMException('pulled', 'NotFoundError')
    const stream = await open(constraints)
    window.tracks.push(...stream.getTracks())
    return stream
  }
  window.pull = (label, out) => {
    if (out) window.pulled.add(label)
    else window.pulled.delete(label)
    devices.dispatchEvent(new Event('devicechange'))
  }
}

const state = async (server, agent) => (await fetch(`${server.url}/api/agents/${agent}/snapshot`)).json()

story('microphones are looked at, chosen, and may go', both, async (world) => {
  const { server, people, Dana, Ana, t } = world
  await Ana.browser.context.addInitScript(pluggable)
  await Ana.page.reload()
  const panel = Ana.page.getByRole('region', { name: 'My audio' })

  // Before the first call: heard, recorded and played back; nothing is left open.
  await Ana.press('Check microphone and sound')
  await panel.getByRole('button', { name: 'Check microphone', exact: true }).click()
  await panel.getByText('We hear you.').waitFor()
  const inputs = panel.getByRole('combobox', { name: 'Microphone' })
  const names = await inputs.getByRole('option').allInnerTexts()
  t.diagnostic(`microphones: ${names.join(', ')}`)
  assert.ok(names.length >= 3, 'there is something to choose')
  await panel.getByRole('button', { name: 'Record 3 seconds and play back' }).click()
  await panel.getByRole('button', { name: 'Recording...' }).waitFor()
  await panel.getByRole('button', { name: 'Playing...' }).waitFor()
  await panel.getByRole('button', { name: 'Record 3 seconds and play back' }).waitFor()
  await Ana.page.keyboard.press('Escape')
  await eventually('the microphone is let go', () => Ana.page.evaluate(() => window.tracks.every((track) => track.readyState === 'ended')))

  // A test call makes way for a caller.
  await available(Ana)
  await Ana.press('My audio')
  await panel.getByRole('button', { name: 'Make a test call' }).click()
  await hears(people, { Ana: 'Ana', Dana: 'silence' })
  await Dana.press('Call now')
  await panel.getByText('The test call ended, because a call came first.').waitFor()
  assert.ok(await panel.getByRole('button', { name: 'Make a test call' }).isDisabled())
  await Ana.page.keyboard.press('Escape')

  // In a call another one speaks from one moment to the next.
  await Ana.press('Answer')
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  await Ana.press('My audio')
  await inputs.selectOption(names[2])
  await eventually('it speaks', () => Ana.page.evaluate((label) => window.tracks.at(-1).label === label, names[2]))
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  await Ana.page.keyboard.press('Escape')

  // It is pulled out: the next one speaks, and what was chosen is taken again when it is back.
  await Ana.page.evaluate((label) => window.pull(label, true), names[2])
  await Ana.see(new RegExp(`^${names[2]} gone - switched to .+\\. Dana still hears you\\.$`))
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  await Ana.page.evaluate((label) => window.pull(label, false), names[2])
  await Ana.press('Undo')
  await eventually('it speaks again', () => Ana.page.evaluate((label) => window.tracks.at(-1).label === label, names[2]))
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })

  // Speaking while muted.
  await Ana.press('Mute')
  const muted = Date.now()
  await Ana.see("You're muted - press M")
  t.diagnostic(`told ${Date.now() - muted} ms after Mute`)
  assert.ok(Date.now() - muted >= 1_400)
  await Ana.page.keyboard.press('m')
  await eventually('the hint is gone', async () => !(await Ana.page.getByText("You're muted - press M").isVisible()))

  // Loaded anew: told once how long that took.
  await Ana.page.reload()
  await Ana.see(/^You're back with Dana \(away \d s\)\.$/)
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })

  // All of them are pulled out: after this call no other one comes.
  await Ana.page.evaluate((all) => all.forEach((label) => window.pull(label, true)), [...names.slice(1), 'Fake Default Audio Input'])
  await Ana.see("No microphone found. Plug one in - we'll notice by ourselves.")
  await eventually('the desk knows', async () => (await state(server, 'agent1')).next === 'away')
  await Dana.press('End')
  await eventually('she gets no calls', async () => ['away', 'wrap_up'].includes((await state(server, 'agent1')).presence))
})

story('desk and audio are both away, and back', both, async ({ server, people, Dana, Ana, t }) => {
  await available(Ana)
  await Dana.press('Call now')
  await Ana.press('Answer')
  await hears(people, { Dana: 'Ana', Ana: 'Dana' })
  const frozen = Date.now()
  server.freeze()
  try {
    await Ana.see(/^You're offline\. Dana's on hold and will go to the queue in 0:\d\d if you don't come back\.$/, 15_000)
    const text = await Ana.page.getByText(/^You're offline\./).first().innerText()
    const left = Number(/0:(\d\d)/.exec(text)[1])
    const gone = (Date.now() - frozen) / 1000
    t.diagnostic(`told after ${gone.toFixed(1)} s that ${left} s are left`)
    // 20 s in all, told in whole seconds, from what was heard last: up to a ping (3 s) before.
    assert.ok(gone + left <= 21.5 && gone + left >= 16, `${gone} s gone, ${left} s left`)
  } finally {
    server.thaw()
  }
  await hears(people, { Dana: 'Ana', Ana: 'Dana' }, { within: 15_000 })
  await Ana.see('You and Dana hear each other.')
  await eventually('nothing is wrong any more', async () => (await Ana.page.getByText(/offline|paused|Reconnecting/).filter({ visible: true }).count()) === 0)
})
