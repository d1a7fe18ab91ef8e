// How a ring reaches somebody: sound, a mark on the tab, a pop-up when nobody looks
// at the page, a shake of the phone. It is told what rings, and clears all of it when
// that is over. The tab's title and the words for screen readers are the page's.

import { prefs } from './prefs.svelte'
import { Ring, type RingKind } from './ring'
import { sole } from './sole'

export interface Alert {
  /** Of the call. */
  id: string
  kind: RingKind
  title: string
  body: string
}

export interface Means {
  /** Whether sound may be heard from this page: another pane may be the one listened to. */
  sound: boolean
  /** Whether a pop-up may be shown. */
  popUp: boolean
}

/** Whether the browser may be asked for pop-ups, and has not answered. */
export const mayAsk = (): boolean => 'Notification' in window && Notification.permission === 'default'

const calm = () => matchMedia('(prefers-reduced-motion)').matches
/** A call that still rings so long after Answer was pressed was not answered (ms; the desk waits 8 s for the line). */
const answeredWithin = 10_000
const usualIcon = '/assets/icon.svg'
const ringingIcon = '/assets/icon-ringing.svg'

export class Alerts {
  #ring = new Ring()
  #alert: Alert | null = null
  #means: Means = { sound: false, popUp: false }
  #heeded = ''
  #heededAt = 0
  #silence: (() => void) | null = null
  #popUp: Notification | null = null

  /** start follows whether anybody looks at the page, until the returned function is called. */
  start(): () => void {
    const look = () => this.#popUpIfUnseen()
    document.addEventListener('visibilitychange', look)
    window.addEventListener('blur', look)
    window.addEventListener('pagehide', this.#gone)
    return () => {
      document.removeEventListener('visibilitychange', look)
      window.removeEventListener('blur', look)
      window.removeEventListener('pagehide', this.#gone)
      this.show(null, this.#means)
    }
  }

  /** heed: Answer was pressed for this call, or (empty) it came to nothing. Who presses it need not be told. */
  heed(id: string): void {
    this.#heeded = id
    this.#heededAt = Date.now()
    if (id && id === this.#alert?.id) this.show(null, this.#means)
  }

  /** show has this ring, and no other one, tell of itself; null: none. */
  show(ring: Alert | null, means: Means): void {
    const heeded = ring?.id === this.#heeded && Date.now() - this.#heededAt < answeredWithin
    const alert = heeded ? null : ring
    const sounded = this.#means.sound
    const same = alert?.id === this.#alert?.id && alert?.kind === this.#alert?.kind
    this.#means = means
    if (same && (!alert || means.sound === sounded)) return
    this.#quiet()
    if (!same) this.#unmark()
    this.#alert = alert
    if (!alert) return
    if (!same) this.#mark()
    this.#sound(alert.kind)
    this.#popUpIfUnseen()
  }

  #gone = () => this.#popUp?.close()

  #sound(kind: RingKind): void {
    if (!this.#means.sound || prefs.quiet) return
    this.#silence = sole('warmdesk-ring', () => {
      this.#ring.play(kind, prefs.volume)
      return () => this.#ring.stop()
    })
  }

  #quiet(): void {
    this.#ring.stop()
    this.#silence?.()
    this.#silence = null
  }

  #mark(): void {
    icon(ringingIcon)
    void navigator.setAppBadge?.(1).catch(() => undefined)
    if (!calm() && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 100, 200])
  }

  #unmark(): void {
    icon(usualIcon)
    void navigator.clearAppBadge?.().catch(() => undefined)
    this.#popUp?.close()
    this.#popUp = null
  }

  #popUpIfUnseen(): void {
    const alert = this.#alert
    if (!alert || !this.#means.popUp || this.#popUp || (document.visibilityState === 'visible' && document.hasFocus())) return
    if (!('Notification' in window) || Notification.permission !== 'granted') return
    try {
      this.#popUp = new Notification(alert.title, { body: alert.body, tag: alert.id, requireInteraction: true, icon: usualIcon })
    } catch {
      return // Chrome on Android allows it to service workers only.
    }
    this.#popUp.onclick = () => {
      window.focus()
      this.#popUp?.close()
      showAnswer()
    }
  }
}

function icon(href: string): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (link && link.getAttribute('href') !== href) link.href = href
}

/** The pop-up shows the way to Answer; pressing it stays with the person. */
function showAnswer(): void {
  const buttons = [...document.querySelectorAll<HTMLElement>('[data-answer]')]
  buttons.find((button) => button.checkVisibility())?.focus()
}
