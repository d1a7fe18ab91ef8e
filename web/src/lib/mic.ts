// The microphone: may this page use it, and if not, why not.

import type { Mic } from './types'

/** reason turns a getUserMedia error into the state it means. */
export function reason(error: unknown): Mic {
  switch ((error as { name?: string } | null)?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    default:
      return 'denied'
  }
}

/** watchMic calls changed when a device or the permission changes; it returns the way to stop. */
export function watchMic(changed: () => void): () => void {
  const stop = new AbortController()
  navigator.mediaDevices?.addEventListener('devicechange', changed, { signal: stop.signal })
  void navigator.permissions
    ?.query({ name: 'microphone' as PermissionName })
    .then((status) => status.addEventListener('change', changed, { signal: stop.signal }))
    .catch(() => {
      // Not every browser tells about this permission; the next try will.
    })
  return () => stop.abort()
}
