// What an agent is typing into the call's note, which others may write too. It is
// saved when typing pauses; the last writer wins; and nothing that was typed is
// replaced before it is saved.

/** Typing has paused. */
const pause = 1_000
/** The next try, when the desk could not be reached. */
const retry = 3_000

export type Saving = '' | 'typing' | 'saved' | 'failed'

export class Draft {
  text = ''
  state: Saving = ''

  #told = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #save: (text: string) => Promise<unknown>
  #changed: () => void
  #saving: Promise<void> | null = null

  /** save rejects when the desk does not have it; changed is called when text or state are others. */
  constructor(save: (text: string) => Promise<unknown>, changed: () => void = () => undefined) {
    this.#save = save
    this.#changed = changed
  }

  /** Whether something was typed that the desk has not. */
  get unsaved(): boolean {
    return this.state === 'typing' || this.state === 'failed'
  }

  /** told takes the desk's note. An answer may be older than what was saved since: only what is new counts. */
  told(note: string): void {
    if (note === this.#told) return
    this.#told = note
    if (this.unsaved || note === this.text) return
    this.text = note
    this.state = ''
    this.#changed()
  }

  typed(text: string): void {
    this.text = text
    this.#become('typing')
    this.#soon(pause)
  }

  /** flush saves at once what is not saved; it never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#saving
    if (!this.unsaved) return
    this.#saving = this.#send(this.text)
    await this.#saving
    this.#saving = null
  }

  /** stop ends the tries. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  async #send(text: string): Promise<void> {
    try {
      await this.#save(text)
      if (this.text === text) this.#become('saved')
    } catch {
      this.#become('failed')
      this.#soon(retry)
    }
  }

  #soon(after: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), after)
  }

  #become(state: Saving): void {
    this.state = state
    this.#changed()
  }
}
