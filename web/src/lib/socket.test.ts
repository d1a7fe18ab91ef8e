import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Socket } from './socket'

/** A WebSocket whose other end is the test. */
class Fake {
  static readonly OPEN = 1
  static all: Fake[] = []
  static get last(): Fake {
    return Fake.all.at(-1)!
  }
  readyState = 0
  sent: unknown[] = []
  closed = false
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor(readonly url: string) {
    Fake.all.push(this)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.closed = true
  }
  opens() {
    this.readyState = 1
    this.onopen?.()
  }
  says(message: unknown) {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) })
  }
  closes(code = 1006) {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

let log: string[]
let page: EventTarget
let socket: Socket

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  page = new EventTarget()
  vi.stubGlobal('window', page)
  vi.stubGlobal('location', { protocol: 'http:', host: 'localhost:8080' })
  vi.stubGlobal('WebSocket', Fake)
  Fake.all = []
  log = []
  socket = new Socket('/stream', {
    hello: () => [{ type: 'hello' }, { type: 'device' }],
    message: (message) => log.push(message.type),
    state: (state) => log.push(state),
    closed: (code) => log.push(String(code)),
  })
  socket.start()
})

afterEach(() => {
  socket.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('says hello first, is up once the server speaks, and answers pings', () => {
  expect(Fake.last.url).toBe('ws://localhost:8080/stream')
  Fake.last.opens()
  expect(Fake.last.sent).toEqual([{ type: 'hello' }, { type: 'device' }])
  expect(log).toEqual([])
  Fake.last.says({ type: 'snapshot' })
  Fake.last.says({ type: 'ping' })
  expect(log).toEqual(['up', 'snapshot'])
  expect(Fake.last.sent.at(-1)).toEqual({ type: 'pong' })
})

it('comes back with growing delays, and quickly again after it was up', () => {
  const delays: number[] = []
  for (let i = 0; i < 7; i++) {
    const before = Date.now()
    const n = Fake.all.length
    Fake.last.closes()
    while (Fake.all.length === n) vi.advanceTimersByTime(50)
    delays.push(Date.now() - before)
  }
  expect(delays).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
  Fake.last.opens()
  Fake.last.says({ type: 'ping' })
  Fake.last.closes()
  vi.advanceTimersByTime(250)
  expect(Fake.all).toHaveLength(9)
})

it('takes a silent server for lost, sooner when the browser is offline', () => {
  Fake.last.opens()
  Fake.last.says({ type: 'ping' })
  vi.advanceTimersByTime(6_900)
  expect(log).toEqual(['up'])
  vi.advanceTimersByTime(200)
  expect(log).toEqual(['up', 'down'])
  expect(Fake.all[0]!.closed).toBe(true)
  vi.advanceTimersByTime(1_000)
  Fake.last.opens()
  Fake.last.says({ type: 'ping' })
  page.dispatchEvent(new Event('offline'))
  vi.advanceTimersByTime(3_600)
  expect(log).toEqual(['up', 'down', 'up', 'down'])
})

it('tries at once when the browser is online again', () => {
  Fake.last.closes()
  page.dispatchEvent(new Event('online'))
  expect(Fake.all).toHaveLength(2)
})

it('stays away where coming back would only push another page out', () => {
  Fake.last.opens()
  Fake.last.closes(4001)
  vi.advanceTimersByTime(60_000)
  expect(log).toEqual(['4001'])
  expect(Fake.all).toHaveLength(1)
  socket.start()
  expect(Fake.all).toHaveLength(2)
})

it('takes no message that is not one of ours', () => {
  Fake.last.opens()
  Fake.last.says('nonsense')
  Fake.last.says('{}')
  Fake.last.says('null')
  expect(log).toEqual(['up'])
})
