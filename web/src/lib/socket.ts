// A WebSocket that comes back by itself.

export interface SocketEvents {
  /** Called first thing after every opening; what it returns is sent, in order. */
  hello(): object[]
  message(message: { type: string } & Record<string, unknown>): void
  /** up: messages flow. down: it is trying again. */
  state(state: 'up' | 'down'): void
  /** The server closed for good, with a reason that trying again cannot mend. */
  closed(code: number): void
}

/** Close codes after which the page must not come back by itself. */
export const takenOver = 4001
export const signedOut = 4003

const firstDelay = 250
const longestDelay = 5_000
/** The desk pings every 3 s; without any message for this long the link is dead. */
const silence = 7_000
/** The same once the browser says that it is offline. */
const silenceOffline = 3_500

export class Socket {
  #url: string
  #events: SocketEvents
  #socket: WebSocket | null = null
  #delay = firstDelay
  #retry: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setTimeout> | undefined
  #stopped = true
  /** When the desk was last heard of, in milliseconds; 0: never. */
  heardAt = 0

  /** path is on this page's own host. */
  constructor(path: string, events: SocketEvents) {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    this.#url = `${scheme}://${location.host}${path}`
    this.#events = events
  }

  start(): void {
    if (!this.#stopped) return
    this.#stopped = false
    this.#delay = firstDelay
    window.addEventListener('online', this.#now)
    window.addEventListener('offline', this.#doubt)
    this.#open()
  }

  stop(): void {
    this.#stopped = true
    window.removeEventListener('online', this.#now)
    window.removeEventListener('offline', this.#doubt)
    this.#drop()
  }

  /** send is best effort: hello repeats all that matters after a reconnect. */
  send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  #now = () => {
    if (this.#stopped || this.#socket?.readyState === WebSocket.OPEN) return
    this.#drop()
    this.#open()
  }

  /** Offline may concern another network than the desk's: listen a little, then judge. */
  #doubt = () => {
    if (this.#socket) this.#alive(silenceOffline)
  }

  #open(): void {
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    this.#alive()
    socket.onopen = () => {
      for (const message of this.#events.hello()) socket.send(JSON.stringify(message))
    }
    socket.onmessage = (event) => {
      this.heardAt = Date.now()
      this.#alive()
      if (this.#delay !== 0) {
        // Up only once the server has spoken: it may accept and then refuse.
        this.#delay = 0
        this.#events.state('up')
      }
      const message = parse(event.data)
      if (message?.type === 'ping') this.send({ type: 'pong' })
      else if (message) this.#events.message(message)
    }
    socket.onclose = (event) => {
      if (socket !== this.#socket) return
      this.#drop()
      if (event.code === takenOver || event.code === signedOut) {
        this.stop()
        this.#events.closed(event.code)
        return
      }
      this.#again()
    }
  }

  #alive(within = silence): void {
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => {
      this.#drop()
      this.#again()
    }, within)
  }

  #again(): void {
    if (this.#stopped) return
    this.#events.state('down')
    const delay = this.#delay || firstDelay
    this.#delay = Math.min(delay * 2, longestDelay)
    // Spread by a fifth, so that a restarted desk is not met by all pages at once.
    this.#retry = setTimeout(() => this.#open(), delay * (0.9 + Math.random() / 5))
  }

  /** Forgets the present socket without hearing from it again. */
  #drop(): void {
    clearTimeout(this.#retry)
    clearTimeout(this.#watch)
    const socket = this.#socket
    this.#socket = null
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }
}

function parse(data: unknown): ({ type: string } & Record<string, unknown>) | null {
  if (typeof data !== 'string') return null
  try {
    const message = JSON.parse(data)
    return typeof message?.type === 'string' ? message : null
  } catch {
    return null
  }
}
