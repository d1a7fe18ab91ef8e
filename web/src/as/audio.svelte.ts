// The ears and the voice of one agent's page: which devices there are, whether the
// microphone works, how well the call travels.

import { choose, prefs } from '../lib/prefs.svelte'
import { Judge, levels, type MicHint } from '../lib/hear'
import { named, type DeviceName } from '../lib/microphones'
import { Quality, type Sample, type Word } from '../lib/quality'

/** Seconds without a packet after which the audio counts as gone; one second may only have been late. */
const stalledFrom = 2

/** Of the call that is open. */
export interface Net {
  word: Word
  loss: number
  rtt: number
  jitter: number
  /** Weak for so long that the agent should know. */
  told: boolean
  /** Nothing comes in at all. */
  stalled: boolean
}

/** A microphone that is gone, and the one that speaks instead. */
export interface Moved {
  from: string
  to: string
  /** The id of the one that was gone, once it is there again; empty until then. */
  back: string
}

export interface Sounds {
  readonly inputs: DeviceName[]
  readonly outputs: DeviceName[]
  readonly hint: MicHint
  readonly moved: Moved | null
  readonly net: Net | null
  /** What the open call hears of this page; null: no microphone of ours is in use. */
  readonly stream: MediaStream | null
  look(): Promise<boolean>
  choose(what: 'input' | 'output' | 'ring', id: string): Promise<void>
  undo(): Promise<void>
  forget(): void
}

/** What carries out a choice in the open call. */
interface Line {
  useInput(): Promise<void>
  useOutput(): Promise<void>
  useRing(): Promise<void>
  muted(): boolean
}

export class Audio implements Sounds {
  inputs = $state.raw<DeviceName[]>([])
  outputs = $state.raw<DeviceName[]>([])
  hint = $state<MicHint>('')
  moved = $state.raw<Moved | null>(null)
  net = $state.raw<Net | null>(null)
  stream = $state.raw<MediaStream | null>(null)

  #line: Line
  #quality = new Quality()
  #stop: (() => void) | null = null

  constructor(line: Line) {
    this.#line = line
  }

  /**
   * look sees which devices there are, and says whether there is any microphone;
   * browsers name them once it may be used.
   */
  look = async (): Promise<boolean> => {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
    this.inputs = named(all, 'audioinput')
    this.outputs = named(all, 'audiooutput')
    if (this.moved) {
      const back = this.inputs.find((one) => one.label === this.moved?.from)?.id ?? ''
      this.moved = { ...this.moved, back }
    }
    return all.some((one) => one.kind === 'audioinput')
  }

  choose = async (what: 'input' | 'output' | 'ring', id: string): Promise<void> => {
    const before = prefs[what]
    choose({ [what]: id })
    try {
      await { input: this.#line.useInput, output: this.#line.useOutput, ring: this.#line.useRing }[what]()
    } catch (error) {
      choose({ [what]: before })
      throw error
    }
    if (what === 'input') this.moved = null
  }

  undo = (): Promise<void> => this.choose('input', this.moved?.back ?? '')

  forget = (): void => {
    this.moved = null
  }

  /** speaks: this microphone is heard in the call from now on; null: none. */
  speaks(stream: MediaStream | null): void {
    this.#stop?.()
    this.#stop = null
    this.hint = ''
    this.stream = stream
    if (!stream) {
      this.net = this.moved = null
      this.#quality = new Quality()
      return
    }
    // A copy, because muting silences the stream itself.
    const copy = new MediaStream(stream.getAudioTracks().map((track) => track.clone()))
    const judge = new Judge()
    const stop = levels(copy, (level) => (this.hint = judge.hear(level, performance.now(), this.#line.muted())))
    this.#stop = () => {
      stop()
      copy.getTracks().forEach((track) => track.stop())
    }
  }

  /** wentTo: the browser has gone to another microphone by itself. */
  async wentTo(from: string, to: string): Promise<void> {
    await this.look()
    // Another one that was plugged in is no loss.
    this.moved = this.inputs.some((one) => one.label === from) ? null : { from, to, back: '' }
  }

  sample(sample: Sample): void {
    this.#quality.add(sample, performance.now())
    const { word, loss, rtt, jitter, told, stalled } = this.#quality
    this.net = { word, loss, rtt, jitter, told, stalled: stalled >= stalledFrom }
  }
}
