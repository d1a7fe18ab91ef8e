// The board, as the desk sends it as long as somebody looks at it.

import type { BoardData } from '../lib/types'

export class BoardFeed {
  /** skew is how far the desk's clock is ahead of ours. */
  shown = $state.raw<(BoardData & { skew: number }) | null>(null)

  #watching = 0
  #send: (message: object) => void

  constructor(send: (message: object) => void) {
    this.#send = send
  }

  /** hello is what a new connection says of it. */
  hello = (): object[] => (this.#watching > 0 ? [{ type: 'board', on: true }] : [])

  take(board: BoardData): void {
    if (this.#watching > 0) this.shown = { ...board, skew: Date.parse(board.now) - Date.now() }
  }

  /** watch asks for the board until the returned function is called. */
  watch = (): (() => void) => {
    this.#watching++
    this.#send({ type: 'board', on: true })
    return () => {
      if (--this.#watching > 0) return
      this.#send({ type: 'board', on: false })
      this.shown = null
    }
  }
}
