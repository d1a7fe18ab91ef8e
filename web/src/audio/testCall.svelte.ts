// A call to oneself by way of the desk: what is said comes back a second later, and what
// the network does to it is measured on the way. It is nobody's call: the desk does not
// hear of it.

import { agentToken } from '../lib/api'
import { Connection } from '../lib/connection'
import { levels } from '../lib/hear'
import { reason } from '../lib/mic'
import { openMic } from '../lib/microphones'
import { prefs } from '../lib/prefs.svelte'
import { key, t } from '../lib/say.svelte'
import { farEnd, options, speakAt, twilio, type Call, type Device } from '../lib/sdk'
import type { Config } from '../lib/types'
import { micWords, sdkWords } from '../lib/words'
import { Verdict } from './verdict'

const notThrough = key('The test call did not get through. Your calls are not concerned; try again.')
/** Long enough to say a sentence and hear it. */
const length = 12_000
/** No answer takes longer. */
const patience = 10_000

export interface TestCallShown {
  readonly step: '' | 'connecting' | 'open'
  /** What comes back; null: nothing yet. */
  readonly stream: MediaStream | null
  /** What it has shown, or why it came to nothing. */
  readonly words: string
  readonly failed: boolean
  start(): Promise<void>
  end(): void
}

export class TestCall implements TestCallShown {
  step = $state<TestCallShown['step']>('')
  stream = $state.raw<MediaStream | null>(null)
  words = $state('')
  failed = $state(false)

  #agent: string
  #config: Config
  #device: Device | null = null
  #verdict = new Verdict()
  #stopLevels: () => void = () => undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(agent: string, config: Config) {
    this.#agent = agent
    this.#config = config
  }

  start = async (): Promise<void> => {
    if (this.step) return
    this.step = 'connecting'
    this.words = ''
    this.failed = false
    this.#verdict = new Verdict()
    try {
      const [token, { Device }] = await Promise.all([agentToken(this.#agent), twilio()])
      if (!this.step) return
      const connection = new Connection()
      const device = new Device(token, { ...options(this.#config), ...connection.options(), getUserMedia: openMic })
      this.#device = device
      this.#timer = setTimeout(() => this.#fail(t(notThrough)), patience)
      device.on('error', (error: { code: number; message: string }) => this.#fail(sdkWords(error.code, error.message)))
      const call = await device.connect({ params: { To: 'echo' } })
      if (this.#device !== device) return call.disconnect()
      this.#listenTo(call, device, connection)
    } catch (error) {
      this.#fail(whyNot(error))
    }
  }

  /** end tells what was measured so far. */
  end = (): void => {
    if (this.step === 'open') this.words = this.#verdict.words()
    this.#release()
  }

  /** giveUp ends it without a word, or with why. */
  giveUp(words = ''): void {
    if (!this.step) return
    this.words = words
    this.#release()
  }

  #listenTo(call: Call, device: Device, connection: Connection): void {
    call.on('accept', () => {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(this.end, length)
      this.step = 'open'
      void speakAt(device, prefs.output).catch(() => undefined) // heard from the computer's own choice
      void farEnd(call).then((stream) => stream && this.#device === device && this.#hear(stream))
    })
    connection.watch(call, (sample) => this.#verdict.add(sample, performance.now()))
    call.on('error', (error: { code: number; message: string }) => this.#fail(sdkWords(error.code, error.message)))
    call.on('disconnect', () => this.#device === device && this.end())
    call.on('cancel', () => this.#device === device && this.#fail(t(notThrough)))
  }

  #hear(stream: MediaStream): void {
    this.stream = stream
    this.#stopLevels = levels(stream, (level) => this.#verdict.hear(level))
  }

  #fail(words: string): void {
    if (!this.step) return
    this.failed = true
    this.giveUp(words)
  }

  #release(): void {
    clearTimeout(this.#timer)
    this.#stopLevels()
    this.#stopLevels = () => undefined
    this.step = ''
    this.stream = null
    const device = this.#device
    this.#device = null
    device?.removeAllListeners()
    device?.destroy()
  }
}

function whyNot(error: unknown): string {
  const { code, message = '' } = error as { code?: number | string; message?: string }
  if (typeof code === 'number') return sdkWords(code, message)
  return error instanceof DOMException ? micWords(reason(error)) : message || t(notThrough)
}
