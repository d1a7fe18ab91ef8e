// The context all of a page's audio shares. Browsers keep it silent until a
// person has clicked; unlock must be called from a click.

let context: AudioContext | null = null

/** The page's one audio context; browsers allow only a few. */
export function audioContext(): AudioContext {
  context ??= new AudioContext()
  return context
}

/** unlock says whether the browser lets this page make sound. */
export async function unlock(): Promise<boolean> {
  const audio = audioContext()
  // resume() stays pending without a gesture, so it is given a moment only.
  await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 400))])
  return audio.state === 'running'
}

type Sinks = AudioContext & { setSinkId?(id: string): Promise<void> }

/** Whether this browser can let the ring out somewhere else than the call. */
export const ringsElsewhere = (): boolean => typeof AudioContext !== 'undefined' && 'setSinkId' in AudioContext.prototype

/** ringAt lets the ring out at a device; one that is gone leaves it where the computer wants it. */
export async function ringAt(device: string): Promise<void> {
  const audio: Sinks = audioContext()
  await audio.setSinkId?.(device).catch(() => audio.setSinkId?.(''))
}
