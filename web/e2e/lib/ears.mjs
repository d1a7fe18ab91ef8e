// Ears: every remote audio track of a page is recorded, from before the page's
// own code runs, so that a test can tell what the person there hears.

import { rate } from './sound.mjs'

/** hearWith gives ears to every page and frame of a context, from the next load on. */
export function hearWith(context) {
  return context.addInitScript(install, rate)
}

/**
 * Runs in the page. A recording is one stretch of sound: {at, samples, length},
 * `at` being when it begins, in ms since 1970.
 */
function install(rate) {
  if (!window.RTCPeerConnection || window.ears) return
  const ears = (window.ears = { tracks: [], recordings: [], stalls: [], violations: [] })
  document.addEventListener('securitypolicyviolation', (event) =>
    ears.violations.push(`${event.violatedDirective}: ${event.blockedURI}`),
  )

  // The browser's own processing would take a steady tone for noise.
  const asked = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices)
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
  if (asked) {
    navigator.mediaDevices.getUserMedia = (constraints) => {
      const audio = constraints?.audio && { ...(constraints.audio === true ? {} : constraints.audio), ...plain }
      return asked({ ...constraints, audio })
    }
  }

  /** Frames come one after the other; only after such a hole (ms) is the clock believed instead. */
  const hole = 200

  async function record(track) {
    // Copies: the page may silence or stop its own.
    const copies = [track.clone(), track.clone()]
    copies.forEach((copy) => (copy.enabled = true))
    // Chromium brings a remote track only while something plays it.
    const element = new Audio()
    element.muted = true
    element.srcObject = new MediaStream([copies[0]])
    ears.tracks.push({ track, element })
    void element.play().catch(() => undefined)

    const reader = new MediaStreamTrackProcessor({ track: copies[1], maxBufferSize: 1_000 }).readable.getReader()
    let recording
    for (;;) {
      const { value: frame, done } = await reader.read()
      if (done) return
      const at = performance.timeOrigin + frame.timestamp / 1000
      const expected = recording && recording.at + (recording.length / rate) * 1000
      if (!recording || Math.abs(at - expected) > hole) {
        if (recording) ears.stalls.push({ at: expected, ms: Math.round(at - expected) })
        recording = { at, samples: new Int16Array(60 * rate), length: 0 }
        ears.recordings.push(recording)
      }
      append(recording, frame)
      frame.close()
    }
  }

  function append(recording, frame) {
    const given = new Float32Array(frame.numberOfFrames)
    frame.copyTo(given, { planeIndex: 0, format: 'f32-planar' })
    // The far end speaks at 8 kHz, so a mean is all the filter it takes to go back.
    const ratio = frame.sampleRate / rate
    const count = Math.floor(given.length / ratio)
    if (recording.length + count > recording.samples.length) {
      const longer = new Int16Array(recording.samples.length * 2)
      longer.set(recording.samples)
      recording.samples = longer
    }
    for (let i = 0; i < count; i++) {
      let sum = 0
      for (let j = 0; j < ratio; j++) sum += given[i * ratio + j]
      recording.samples[recording.length++] = Math.max(-1, Math.min(1, sum / ratio)) * 32767
    }
  }

  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...given) {
      super(...given)
      this.addEventListener('track', ({ track }) => {
        if (track.kind === 'audio') void record(track)
      })
    }
  }
}

/** Frames reach the recording a little after they were played. */
const late = 150

/** The ears of a page or frame. Where nothing came, there is silence. */
export class Ears {
  #frame

  constructor(frame) {
    this.#frame = frame
  }

  /** What was heard in the last ms. */
  last(ms) {
    return this.between(Date.now() - late - ms, Date.now() - late)
  }

  /** What was heard between two times, in ms since 1970. */
  async between(from, to) {
    const base64 = await this.#frame.evaluate(heard, { from, to, rate })
    const bytes = Buffer.from(base64, 'base64')
    return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  }

  /** Whether the other side's sound is let through to this page's loudspeaker. */
  sounding() {
    return this.#frame.evaluate(() =>
      Boolean(window.ears?.tracks.some(({ track }) => track.enabled && track.readyState === 'live')),
    )
  }

  /** When ({at, ms}) this browser itself stood still, so that nobody could have heard anything. */
  stalls() {
    return this.#frame.evaluate(() => window.ears?.stalls ?? [])
  }

  /** What the content security policy stopped here. */
  violations() {
    return this.#frame.evaluate(() => window.ears?.violations ?? [])
  }
}

/** Runs in the page: the wanted stretch of all recordings together, as base64. */
function heard({ from, to, rate }) {
  const out = new Int16Array(Math.max(0, Math.round(((to - from) * rate) / 1000)))
  for (const { at, samples, length } of window.ears?.recordings ?? []) {
    const shift = Math.round(((at - from) * rate) / 1000)
    for (let i = Math.max(0, -shift); i < length && i + shift < out.length; i++) out[i + shift] += samples[i]
  }
  const bytes = new Uint8Array(out.buffer)
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}
