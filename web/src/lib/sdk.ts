// Loads the voice SDK, unmodified, when it is first needed.

import type { Call, Device } from '@twilio/voice-sdk'
import type { Config } from './types'

export type { Call, Device }

interface Twilio {
  Device: typeof Device
}

let loading: Promise<Twilio> | null = null

/** twilio resolves to the SDK; a failed load is tried afresh by the next call. */
export function twilio(): Promise<Twilio> {
  loading ??= load().catch((error) => {
    loading = null
    throw error
  })
  return loading
}

async function load(): Promise<Twilio> {
  // The order matters: the SDK captures WebSocket while it is evaluated.
  await script('/assets/signal.js')
  await script('/assets/twilio.min.js')
  return (window as unknown as { Twilio: Twilio }).Twilio
}

function script(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script')
    element.src = src
    element.onload = () => resolve()
    element.onerror = () => reject(new Error('The phone part of this page did not load. Reload the page.'))
    document.head.append(element)
  })
}

/**
 * farEnd resolves to what the other side sends. The SDK says accept a moment
 * before it knows the stream; null when the call ended in that moment.
 */
export async function farEnd(call: Call): Promise<MediaStream | null> {
  for (;;) {
    const stream = call.getRemoteStream()
    if (stream && stream.getAudioTracks().length > 0) return stream
    if (call.status() === 'closed') return null
    await new Promise((next) => setTimeout(next, 20))
  }
}

/** speakAt lets calls out at a device; one that is gone is the computer's own choice. */
export async function speakAt(device: Device | null, id: string): Promise<void> {
  const audio = device?.audio
  if (!audio?.isOutputSelectionSupported) return
  const outputs = [...audio.availableOutputDevices.keys()]
  const wanted = [id, 'default'].find((one) => outputs.includes(one)) ?? outputs[0]
  if (wanted !== undefined) await audio.speakerDevices.set(wanted)
}

const soundNames = [
  'incoming',
  'outgoing',
  'disconnect',
  ...['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 's', 'h'].map((digit) => `dtmf${digit}`),
]

/**
 * options for a Device. All 15 sounds are named, because a ringtone that cannot
 * load delays every call by 2 s, and the defaults come from a foreign host; the
 * page makes its own sounds. publishEvents, chunderw and backoffMaxMs are not in
 * the SDK's public types: that is why its version is exact.
 */
export function options(config: Config): Device.Options {
  const all = {
    codecPreferences: ['pcmu'],
    enableImprovedSignalingErrorPrecision: true,
    // A rejoin must get through while the SDK still nurses the lost call.
    allowIncomingWhileBusy: true,
    // Above zero a call outlives its signalling socket.
    maxCallSignalingTimeoutMs: 30_000,
    sounds: Object.fromEntries(soundNames.map((name) => [name, '/assets/quiet.wav'])),
    logLevel: 'silent',
    publishEvents: false,
    backoffMaxMs: 5_000,
    ...(config.signalUrl && {
      // Plain http can only be this very machine: use the name it was opened by.
      chunderw: location.protocol === 'http:' ? location.host : config.signalUrl,
    }),
  }
  return all as unknown as Device.Options
}
