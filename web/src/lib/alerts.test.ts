// The browser's ways to be noticed, as fakes: one that is asked too often, or not
// taken back, is heard in the next call.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

class FakeNotification {
  static permission = 'granted'
  static all: FakeNotification[] = []
  closed = false
  onclick: (() => void) | null = null
  constructor(
    readonly title: string,
    readonly options: { body: string; tag: string; requireInteraction: boolean },
  ) {
    FakeNotification.all.push(this)
  }
  close() {
    this.closed = true
  }
}

/** Sound, as a browser's audio clock has it: what starts when, and whether it still comes out. */
class FakeAudio {
  static started: number[] = []
  static outs = new Set<object>()
  currentTime = 10
  state = 'running'
  destination = { name: 'destination' }
  createGain() {
    const gain = {
      gain: { value: 1, setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() },
      connect(to: { name?: string }) {
        if (to.name === 'destination') FakeAudio.outs.add(gain)
        return to
      },
      disconnect: () => FakeAudio.outs.delete(gain),
    }
    return gain
  }
  createOscillator() {
    return { frequency: { value: 0 }, connect: (to: object) => to, start: (at: number) => FakeAudio.started.push(at), stop: vi.fn() }
  }
}

type Locked = { run: () => Promise<void>; signal: AbortSignal }
let queue: Locked[] = []
const ring = { id: 'c1', kind: 'customer', title: 'Dana is calling', body: 'Waited 0:18.' } as const
const means = { sound: true, popUp: true }
const icon = { href: '/assets/icon.svg', getAttribute: () => icon.href }
const page = { visibilityState: 'hidden', focused: false }
const badge = { set: vi.fn(async () => undefined), clear: vi.fn(async () => undefined) }
const shake = vi.fn()
let listeners: Record<string, () => void> = {}

beforeEach(() => {
  queue = []
  FakeNotification.all = []
  FakeNotification.permission = 'granted'
  FakeAudio.started = []
  FakeAudio.outs = new Set()
  listeners = {}
  Object.assign(page, { visibilityState: 'hidden', focused: false })
  const listen = { addEventListener: (name: string, run: () => void) => (listeners[name] = run), removeEventListener: vi.fn() }
  vi.stubGlobal('Notification', FakeNotification)
  vi.stubGlobal('AudioContext', FakeAudio)
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  vi.stubGlobal('window', { ...listen, focus: vi.fn(), Notification: FakeNotification })
  vi.stubGlobal('document', {
    ...listen,
    get visibilityState() {
      return page.visibilityState
    },
    hasFocus: () => page.focused,
    querySelector: () => icon,
    querySelectorAll: () => [],
  })
  vi.stubGlobal('navigator', {
    setAppBadge: badge.set,
    clearAppBadge: badge.clear,
    vibrate: shake,
    userActivation: { hasBeenActive: true },
    locks: {
      request: (_: string, { signal }: { signal: AbortSignal }, run: () => Promise<void>) => {
        queue.push({ run, signal })
        return Promise.resolve()
      },
    },
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
  vi.clearAllMocks()
})

const make = async () => new (await import('./alerts')).Alerts()

it('rings, marks the tab, pops up, and takes all of it back at once', async () => {
  const alerts = await make()
  alerts.show(ring, means)
  void queue[0]?.run()
  expect(FakeAudio.started.slice(0, 4)).toEqual([10, 10.24, 13, 13.24])
  expect(FakeAudio.outs.size).toBe(1)
  expect(icon.href).toBe('/assets/icon-ringing.svg')
  expect(badge.set).toHaveBeenCalledWith(1)
  expect(shake).toHaveBeenCalledWith([200, 100, 200])
  expect(FakeNotification.all).toMatchObject([
    { title: 'Dana is calling', options: { body: 'Waited 0:18.', tag: 'c1', requireInteraction: true }, closed: false },
  ])

  alerts.show({ ...ring, body: 'Waited 0:19.' }, means)
  expect(FakeNotification.all.length).toBe(1)

  alerts.show(null, means)
  expect(FakeAudio.outs.size).toBe(0)
  expect(icon.href).toBe('/assets/icon.svg')
  expect(badge.clear).toHaveBeenCalled()
  expect(FakeNotification.all[0]?.closed).toBe(true)
})

it('is silent while another tab rings, and rings when that one has stopped', async () => {
  const alerts = await make()
  alerts.show(ring, means)
  expect(FakeAudio.started).toEqual([])
  void queue[0]?.run() // the lock is free
  expect(FakeAudio.outs.size).toBe(1)
})

it('does not begin to ring once the call is over', async () => {
  const alerts = await make()
  alerts.show(ring, means)
  alerts.show(null, means)
  expect(queue[0]?.signal.aborted).toBe(true)
  await queue[0]?.run()
  expect(FakeAudio.outs.size).toBe(0)
})

it('makes no sound where nobody listens, or nobody wants it', async () => {
  const alerts = await make()
  alerts.show(ring, { ...means, sound: false })
  expect(queue).toEqual([])
  alerts.show(ring, means) // another pane is the one listened to, from now on
  expect(queue.length).toBe(1)
  const { choose } = await import('./prefs.svelte')
  choose({ quiet: true })
  alerts.show({ ...ring, id: 'c2' }, means)
  expect(queue.length).toBe(1)
  expect(icon.href).toBe('/assets/icon-ringing.svg')
})

it('pops up only for who does not look, also for who looks away later', async () => {
  page.visibilityState = 'visible'
  page.focused = true
  const alerts = await make()
  const stop = alerts.start()
  alerts.show(ring, means)
  expect(FakeNotification.all).toEqual([])
  page.visibilityState = 'hidden'
  listeners.visibilitychange?.()
  expect(FakeNotification.all.length).toBe(1)
  stop()
  expect(FakeNotification.all[0]?.closed).toBe(true)
})

it.each(['default', 'denied'])('asks nobody while it rings: permission %s', async (permission) => {
  FakeNotification.permission = permission
  const alerts = await make()
  alerts.show(ring, means)
  expect(FakeNotification.all).toEqual([])
})

it('is over with the press of Answer, also while the desk still calls it ringing; and tells again of what was not answered', async () => {
  vi.useFakeTimers()
  const alerts = await make()
  alerts.show(ring, means)
  void queue[0]?.run()
  alerts.heed('c1')
  alerts.show(ring, means)
  expect([FakeAudio.outs.size, icon.href, FakeNotification.all[0]?.closed]).toEqual([0, '/assets/icon.svg', true])
  vi.advanceTimersByTime(10_000)
  alerts.show(ring, means)
  expect(icon.href).toBe('/assets/icon-ringing.svg')
  alerts.heed('c1')
  alerts.heed('') // refused
  alerts.show(ring, means)
  expect(icon.href).toBe('/assets/icon-ringing.svg')
  vi.useRealTimers()
})
