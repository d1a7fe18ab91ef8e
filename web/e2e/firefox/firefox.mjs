// Firefox, driven by WebDriver BiDi with as little as one story needs. Its microphone is
// a tone that Firefox makes itself. Node wants --experimental-websocket for it.

import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../lib/wait.mjs'

export const binary = process.env.FIREFOX || 'firefox-esr'

/** How long a command may take, in ms. */
const patience = 15_000

const prefs = (frequency) => ({
  'media.navigator.streams.fake': true,
  'media.navigator.audio.fake_frequency': frequency,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  // A program's press is no gesture of a person.
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // There need not be a sound card.
  'media.cubeb.force_mock_context': true,
  // Nothing is fetched from elsewhere.
  'app.update.disabledForTesting': true,
  'browser.safebrowsing.provider.google4.updateURL': '',
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
})

/** Firefox is one process with one page. */
export class Firefox {
  /** Uncaught errors and what was written to the console as an error. */
  complaints = []
  #process
  #profile
  #socket
  #context
  #id = 0
  #waiting = new Map()

  /** open starts a Firefox whose microphone is a tone (Hz), and goes to a page. */
  static async open(frequency, url) {
    const made = new Firefox()
    try {
      await made.#start(frequency)
      await made.#send('session.new', { capabilities: {} })
      await made.#send('session.subscribe', { events: ['log.entryAdded'] })
      made.#context = (await made.#send('browsingContext.getTree', {})).contexts[0].context
      await made.#send('script.addPreloadScript', { functionDeclaration: ears.toString() })
      await made.#send('browsingContext.navigate', { context: made.#context, url, wait: 'complete' })
      return made
    } catch (error) {
      await made.close()
      throw error
    }
  }

  async #start(frequency) {
    this.#profile = await mkdtemp(join(tmpdir(), 'warmdesk-firefox-'))
    const lines = Object.entries(prefs(frequency)).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`)
    await writeFile(join(this.#profile, 'user.js'), lines.join('\n'))
    this.#process = spawn(binary, ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', this.#profile], {
      env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    this.#process.stderr.on('data', (data) => (said += data))
    const address = await eventually('Firefox listens', () => /WebDriver BiDi listening on (ws:\S+)/.exec(said)?.[1], { within: 30_000 })
    this.#socket = new WebSocket(`${address}/session`)
    this.#socket.onmessage = ({ data }) => this.#receive(JSON.parse(data))
    await new Promise((done, fail) => {
      this.#socket.onopen = done
      this.#socket.onerror = () => fail(new Error('Firefox takes no connection'))
    })
  }

  #receive(message) {
    if (message.method === 'log.entryAdded' && message.params.level === 'error') this.complaints.push(message.params.text)
    const waiting = this.#waiting.get(message.id)
    if (!waiting) return
    this.#waiting.delete(message.id)
    if (message.type === 'success') waiting.done(message.result)
    else waiting.fail(new Error(`${message.error}: ${message.message}`))
  }

  #send(method, params) {
    return new Promise((done, fail) => {
      const id = ++this.#id
      const late = setTimeout(() => fail(new Error(`${method}: no answer`)), patience)
      const over = (then) => (value) => {
        clearTimeout(late)
        then(value)
      }
      this.#waiting.set(id, { done: over(done), fail: over(fail) })
      this.#socket.send(JSON.stringify({ id, method, params }))
    })
  }

  /** evaluate runs a function of the page with plain arguments; what it gives comes back by JSON. */
  async evaluate(run, ...given) {
    const functionDeclaration = `async () => JSON.stringify((await (${run})(...${JSON.stringify(given)})) ?? null)`
    const { type, result, exceptionDetails } = await this.#send('script.callFunction', {
      functionDeclaration,
      target: { context: this.#context },
      awaitPromise: true,
      userActivation: true,
    })
    if (type === 'exception') throw new Error(exceptionDetails.text)
    return JSON.parse(result.value)
  }

  /** press clicks the one button of this name that is shown and can be pressed. */
  press(name) {
    return eventually(`the button ${name}`, () =>
      this.evaluate((name) => {
        const named = (one) => (one.getAttribute('aria-label') ?? one.querySelector('.word')?.textContent ?? one.textContent).trim() === name
        const [button] = [...document.querySelectorAll('button')].filter((one) => named(one) && !one.disabled && one.checkVisibility())
        button?.click()
        return button !== undefined
      }, name),
    )
  }

  /** see waits until the page shows this text. */
  see(text) {
    return eventually(`the text ${text}`, () => this.evaluate((text) => document.body.innerText.includes(text), text))
  }

  text() {
    return this.evaluate(() => document.body.innerText)
  }

  async close() {
    this.#socket?.close()
    const ended = this.#process && new Promise((done) => (this.#process.exitCode === null ? this.#process.once('exit', done) : done()))
    this.#process?.kill('SIGKILL')
    await ended
    if (this.#profile) await rm(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

/** Runs in the page before its own code: what comes in is listened to, and window.levels tells the level (dB) of tones (Hz). */
function ears() {
  const listening = []
  const Plain = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Plain {
    constructor(...given) {
      super(...given)
      this.addEventListener('track', ({ track }) => {
        const audio = new AudioContext()
        const analyser = audio.createAnalyser()
        analyser.fftSize = 8192
        analyser.smoothingTimeConstant = 0
        const source = audio.createMediaStreamSource(new MediaStream([track.clone()]))
        source.connect(analyser)
        listening.push({ connection: this, audio, analyser, source })
      })
    }
  }
  window.levels = (tones) => {
    const levels = tones.map(() => -200)
    for (const { connection, audio, analyser } of listening) {
      if (connection.connectionState !== 'connected') continue
      const bins = new Float32Array(analyser.frequencyBinCount)
      analyser.getFloatFrequencyData(bins)
      tones.forEach((tone, i) => (levels[i] = Math.max(levels[i], bins[Math.round((tone * analyser.fftSize) / audio.sampleRate)])))
    }
    return levels.map(Math.round)
  }
}
