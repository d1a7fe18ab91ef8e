// What an agent is told whose page has lost the desk, the call's audio, or both: what
// happened, what is safe, what comes of it by itself. Pure.

import { t } from '../lib/say.svelte'
import { clock } from '../lib/time'
import type { Call } from '../lib/types'
import type { CardView } from './view'
import { linkPaused } from './words'

export interface Outage {
  tone: 'hold' | 'danger'
  text: string
  /** The same without the time that runs in it, to be read out once. */
  said: string
  /** The agent's telephone may be rung instead. */
  phone: boolean
}

type Words = Pick<Outage, 'text' | 'said'>

export interface Heard {
  link: 'up' | 'down'
  card: CardView | null
  /** Whether this page's own line is open, and whether anything comes through it. */
  open: boolean
  silent: boolean
  /** Since when nothing does; null: it does. Times in milliseconds, by this computer's clock. */
  silentSince: number | null
  /** When the desk was last heard of. */
  heardAt: number
  now: number
  /** What the desk's clock is ahead of ours. */
  skew: number
}

/** outage is null when nothing is wrong. */
export function outage(heard: Heard): Outage | null {
  const { card, link, open, silent } = heard
  const mine = card && !card.ringing && (card.call.ifLost || card.call.stage === 'recovering') ? card : null
  const byPhone = card?.call.legs.some((leg) => leg.id === card.call.myLeg && leg.phone) ?? false
  if (link === 'down' && mine && !byPhone && (silent || !open)) {
    return { tone: 'danger', ...offline(mine, heard), phone: false }
  }
  if (link === 'down') {
    const text = linkPaused(open || byPhone)
    return { tone: 'hold', text, said: text, phone: false }
  }
  if (!silent || !mine) return null
  return { tone: 'hold', ...unheard(mine, heard), phone: mine.call.allowed.includes('phone') }
}

function unheard({ name, call }: CardView, { silentSince, now }: Heard): Words {
  const music = call.legs.some((leg) => leg.role === 'customer' && leg.state === 'music')
  const n = Math.max(0, Math.floor((now - (silentSince ?? now)) / 1000))
  return music
    ? {
        text: t("{name} can't hear you right now and hears music. Reconnecting audio... ({n} s)", { name, n }),
        said: t("{name} can't hear you right now and hears music. Reconnecting audio...", { name }),
      }
    : {
        text: t("{name} can't hear you right now. Reconnecting audio... ({n} s)", { name, n }),
        said: t("{name} can't hear you right now. Reconnecting audio...", { name }),
      }
}

/** The desk has told in advance what comes of it; nobody can be asked now. */
function offline({ name, call }: CardView, heard: Heard): Words {
  const other = call.ifLost?.to ?? ''
  const left = Math.ceil((until(call, heard) - heard.now) / 1000)
  if (left <= 0) {
    const text = other
      ? t("You're offline. {name} is with {other} by now.", { name, other })
      : t("You're offline. {name} has gone to the queue by now.", { name })
    return { text, said: text }
  }
  const time = clock(left * 1000)
  return {
    text: other
      ? t("You're offline. {name}'s on hold and will go to {other} in {time} if you don't come back.", { name, other, time })
      : t("You're offline. {name}'s on hold and will go to the queue in {time} if you don't come back.", { name, time }),
    said: t("You're offline. {name} is kept safe. Come back to the call.", { name }),
  }
}

function until(call: Call, { heardAt, skew }: Heard): number {
  if (call.ifLost) return heardAt + call.ifLost.seconds * 1000
  return call.deadline ? Date.parse(call.deadline) - skew : heardAt
}
