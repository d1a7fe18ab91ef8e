// The microphones of this computer, and the one that was chosen.

import { reason } from './mic'
import { prefs } from './prefs.svelte'
import type { Mic } from './types'

/** openMic is getUserMedia with what was chosen; a chosen microphone that is gone is no reason to have none. */
export async function openMic(wanted: MediaStreamConstraints = { audio: true }): Promise<MediaStream> {
  const asked = typeof wanted.audio === 'object' ? wanted.audio : {}
  const plain: MediaTrackConstraints = { ...asked, ...(!prefs.noise && { noiseSuppression: false }) }
  const theirs = asked.deviceId as { exact?: string } | undefined
  // The SDK names the computer's own choice; somebody else's is a choice already.
  if (prefs.input && (!theirs || theirs.exact === 'default')) {
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: { ...plain, deviceId: { exact: prefs.input } } })
    } catch (error) {
      if (reason(error) !== 'missing') throw error
    }
  }
  return navigator.mediaDevices.getUserMedia({ audio: Object.keys(plain).length > 0 ? plain : true })
}

/** tryMic asks for the microphone, which may show the browser's question. */
export async function tryMic(): Promise<Mic> {
  if (!navigator.mediaDevices?.getUserMedia) return window.isSecureContext ? 'missing' : 'insecure'
  try {
    const stream = await openMic()
    stream.getTracks().forEach((track) => track.stop())
    return 'granted'
  } catch (error) {
    return reason(error)
  }
}

export interface DeviceName {
  id: string
  label: string
}

/** What Chromium calls the computer's own choices among the others. */
const stand = ['default', 'communications']

/** named are the devices of a kind that can be chosen; without permission browsers tell no names, and so none. */
export function named(all: readonly Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>[], kind: MediaDeviceKind): DeviceName[] {
  return all
    .filter((one) => one.kind === kind && one.deviceId !== '' && one.label !== '' && !stand.includes(one.deviceId))
    .map((one) => ({ id: one.deviceId, label: one.label }))
}

/** plain is a device's name without what browsers put before it. */
export const plainLabel = (label: string): string => label.replace(/^(Default|Communications) - /, '')
