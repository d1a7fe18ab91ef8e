// The ears themselves: without them no other test here means anything.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { Browser, hears, Person } from './lib/people.mjs'
import { level, likeness, longestGap, rate, toneLevel } from './lib/sound.mjs'
import { everHeard, heardFrom, tones, voices } from './lib/voices.mjs'
import { eventually } from './lib/wait.mjs'
import { tone } from './lib/wav.mjs'

const eightK = (frequency, seconds = 1, dbfs = -12) => tone(frequency, { rate, seconds, dbfs })
const mixed = (...parts) => parts[0].map((_, i) => parts.reduce((sum, part) => sum + part[i], 0))

test('a tone is told from its neighbours by 40 dB and more', () => {
  const both = mixed(eightK(tones.Dana), eightK(tones.Ben))
  assert.ok(Math.abs(toneLevel(both, tones.Ben) + 12) < 0.2)
  assert.ok(toneLevel(both, tones.Ana) < -60)
  assert.deepEqual(voices(both).names, ['Dana', 'Ben'])
  assert.throws(() => voices(eightK(tones.Ana, 1, -35)), /neither/)
})

test('a moment of a voice is noticed, a splash of another is not', () => {
  const sound = eightK(tones.Cy, 2)
  // Cut and turned round: the worst a mended connection does.
  for (let i = 0.5 * rate; i < 0.9 * rate; i++) sound[i] *= i < 0.53 * rate ? 0 : -1
  assert.deepEqual(everHeard(sound), ['Cy'])
  const slip = eightK(tones.Eve, 2).map((sample, i) => (i > rate && i < 1.06 * rate ? sample : 0))
  assert.deepEqual(everHeard(mixed(sound, slip)), ['Cy', 'Eve'])
})

test('it is known since when somebody is heard for good', () => {
  const sound = eightK(tones.Ben, 3)
  assert.equal(heardFrom(sound, 'Ben'), 0)
  assert.equal(heardFrom(sound, 'Ana'), Infinity)
  sound.fill(0, 0.5 * rate, 1.5 * rate)
  assert.ok(Math.abs(heardFrom(sound, 'Ben') - 1_500) <= 100, `${heardFrom(sound, 'Ben')} ms`)
})

test('a gap is found where it is', () => {
  const sound = eightK(tones.Dana, 2)
  assert.equal(longestGap(sound).ms, 0)
  sound.fill(0, 0.5 * rate, 0.8 * rate)
  sound.fill(3, 1.5 * rate, 1.6 * rate)
  assert.deepEqual(longestGap(sound), { ms: 300, at: 500 })
  assert.equal(level(sound.subarray(0.5 * rate, 0.8 * rate)), -Infinity)
})

test('a melody is known by a part of it', () => {
  const melody = new Int16Array(8 * rate).map((_, i) => 9000 * Math.sin(0.2 * i + 9 * Math.sin(i / 9_000)))
  assert.ok(likeness(melody.slice(3.3 * rate, 4.3 * rate), melody) > 0.95)
  assert.ok(likeness(eightK(tones.Ana), melody) < 0.5)
})

/** A page that calls itself: what its microphone says comes back as a remote track. */
const mirror = `<!doctype html><link rel="icon" href="data:,"><button>Speak</button><button>Mute</button><script>
  const [speak, mute] = document.querySelectorAll('button')
  speak.onclick = async () => {
    const [here, there] = [new RTCPeerConnection(), new RTCPeerConnection()]
    const gathered = (side) => new Promise((done) => { side.onicecandidate = ({ candidate }) => candidate || done() })
    const all = [gathered(here), gathered(there)]
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    mute.onclick = () => { stream.getTracks()[0].enabled = !stream.getTracks()[0].enabled }
    here.addTrack(stream.getTracks()[0], stream)
    await here.setLocalDescription()
    await all[0]
    await there.setRemoteDescription(here.localDescription)
    await there.setLocalDescription()
    await all[1]
    await here.setRemoteDescription(there.localDescription)
  }
</script>`

test('a page is heard by what comes to it', async (t) => {
  const server = createServer((request, response) => {
    response.setHeader('Content-Security-Policy', "script-src 'self' 'unsafe-inline'")
    response.setHeader('Content-Type', 'text/html').end(mirror)
  })
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  t.after(() => server.close())
  const ana = await Person.open('Ana', `http://localhost:${server.address().port}/`)
  t.after(() => ana.close())

  await hears([ana], { Ana: 'silence' })
  await ana.press('Speak')
  await hears([ana], { Ana: 'Ana' })
  const from = Date.now()
  await ana.press('Mute')
  await hears([ana], { Ana: 'silence' })
  const until = Date.now()
  await ana.press('Mute')
  await hears([ana], { Ana: 'Ana' })
  const muted = await ana.ears.between(from, Date.now())
  const gap = longestGap(muted)
  t.diagnostic(`pressed for ${until - from} ms, silent for ${gap.ms} ms`)
  assert.ok(Math.abs(gap.ms - (until - from)) < 1_000)
  assert.deepEqual(ana.browser.complaints, [])
  assert.deepEqual(await ana.ears.violations(), [])
})

test('a killed browser is gone at once', async (t) => {
  const browser = await Browser.open(tones.Ben)
  t.after(() => browser.close())
  assert.ok(browser.alive)
  browser.kill()
  await eventually('the browser is gone', () => !browser.alive, { within: 2_000 })
})
