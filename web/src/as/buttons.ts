// The buttons of a call card: what the desk allows now, named and put in order.
// Their words are a contract (tests of the whole product select by them).

import { t } from '../lib/say.svelte'
import * as icons from '../ui/icons'
import type { Call, Leg, Request, Snapshot, Way } from '../lib/types'

export interface Button {
  request: Request
  /** Whom it concerns, for requests about one person. */
  to?: string
  label: string
  icon: icons.Path
  shortcut?: string
  /** A second key that does the same. */
  also?: string
  look: 'primary' | 'plain' | 'danger'
  /** The ways to choose between where a colleague is chosen first. */
  ways?: Way[]
}

/** In this order they are drawn, after the primary one. */
const order: readonly Request[] = [
  'answer',
  'take',
  'handover',
  'merge',
  'swap',
  'resume',
  'cancel',
  'leave',
  'finish',
  'takeback',
  'consult',
  'invite',
  'send',
  'hold',
  'remove',
  'phone',
  'requeue',
  'keep',
  'listen',
  'listen-privately',
  'coach',
  'join',
  'unlisten',
  'pass',
  'end',
]

/** The one primary button is the first of these that is drawn. */
const primaries: readonly Request[] = [
  'answer',
  'unlisten', // who supervises takes a customer away from somebody: never by habit
  'take',
  'handover',
  'leave',
  'resume',
  'cancel',
  'finish',
  'consult',
  'invite',
]

export function buttons(snapshot: Snapshot, call: Call, ringing: boolean): Button[] {
  const drawn = order.filter((request) => call.allowed.includes(request)).flatMap((request) => draw(snapshot, call, request, ringing))
  const first = primaries.find((request) => drawn.some((button) => button.request === request))
  const at = drawn.findIndex((button) => button.request === first)
  if (at < 0) return drawn
  return [{ ...drawn[at]!, look: 'primary' }, ...drawn.filter((_, i) => i !== at)]
}

/** waysOf lists how a colleague may be brought in now. */
function waysOf(call: Call): Way[] {
  // With somebody there already, a private talk is with them.
  if (call.stage === 'together') return []
  return (['consult', 'invite', 'send'] as const).filter((way) => call.allowed.includes(way))
}

function draw(snapshot: Snapshot, call: Call, request: Request, ringing: boolean): Button[] {
  const customer = call.customer.name || call.customer.number
  const asked = ringing && call.stage === 'asking'
  const target = nameOf(snapshot, call, call.target)
  const one = (label: string, icon: icons.Path, shortcut?: string): Button[] => [
    { request, label, icon, look: 'plain', ...(shortcut && { shortcut }) },
  ]
  switch (request) {
    case 'answer':
      // Once it is answered the way in takes a moment, and another press nothing.
      if (!ringing) return []
      return one(asked ? t('Join {name} privately', { name: nameOf(snapshot, call, call.from) }) : t('Answer'), icons.phone, 'A')
    case 'pass':
      return one(!ringing ? t('Cancel') : asked ? t('Not now') : t('Pass'), icons.close, 'X')
    case 'hold':
      return one(t('Hold'), icons.hold, 'H')
    case 'resume':
    case 'cancel':
      return back(call, request, t('Back to {name}', { name: customer }))
    case 'consult':
    case 'invite':
    case 'send':
      return bring(call, request, target)
    case 'requeue':
      // With a colleague there, it is for when the two cannot be connected.
      return one(call.stage === 'together' ? t('Leave anyway - customer goes to hold music and the queue') : t('Give to queue'), icons.queue)
    case 'swap':
      return one(t('Swap to {name}', { name: call.stage === 'swapped' ? target : customer }), icons.swap, 'S')
    case 'merge':
      return one(t('Join all three'), icons.bring, 'J')
    case 'handover':
      // Leaving does the same where it is offered.
      return call.allowed.includes('leave') ? [] : one(t('Hand over to {name}', { name: target }), icons.leave, 'L')
    case 'phone':
      // A line by phone that ended may be had again; a page's is replaced.
      return one(snapshot.byPhone ? t('Call my phone') : t('Use phone instead'), icons.phone)
    case 'keep':
      return one(t('Keep me in'), icons.back)
    case 'take':
      return one(t('Take'), icons.phone)
    case 'listen':
      return one(t('Listen'), icons.ear)
    case 'listen-privately':
      return one(t('Listen privately'), icons.ear)
    case 'coach':
      return one(t('Coach'), icons.lock)
    case 'join':
      return one(t('Join'), icons.bring)
    case 'unlisten':
      return one(t('Stop listening'), icons.leave)
    case 'takeback':
      return one(t('Take back'), icons.back, 'U')
    case 'finish':
      return one(t('Finish'), icons.check)
    case 'leave': {
      const stays = others(snapshot, call)[0]
      return one(stays ? t('Leave - {name} stays with {customer}', { name: stays.name, customer }) : t('Leave'), icons.leave, 'L')
    }
    case 'remove':
      return others(snapshot, call).map((leg) => ({
        request,
        to: leg.agent ?? '',
        label: t('Remove {name}', { name: leg.name }),
        icon: icons.remove,
        look: 'plain',
      }))
    case 'end':
      return [{ request, label: t('End call'), icon: icons.end, shortcut: 'Shift+E', look: 'danger' }]
    default:
      // Drawn beside what it is about (the notice, the note), or not known to this page.
      return []
  }
}

/** Back to the customer, without the colleague: the desk may allow it by two names. */
function back(call: Call, request: Request, label: string): Button[] {
  if (request === 'cancel' && call.allowed.includes('resume')) return []
  const held = call.stage === 'held' ? { also: 'H' } : {}
  return [{ request, label, icon: icons.back, shortcut: 'B', ...held, look: 'plain' }]
}

/** One button opens the choice of a colleague, whatever the ways. */
function bring(call: Call, request: Request, target: string): Button[] {
  if (call.stage === 'together') {
    return [{ request, to: call.target, label: t('Private with {name}', { name: target }), icon: icons.lock, look: 'plain' }]
  }
  const ways = waysOf(call)
  if (request !== ways[0]) return []
  const label = call.stage === 'asking' || declined(call) ? t('Try someone else') : t('Bring someone in')
  return [{ request, label, icon: icons.bring, shortcut: 'T', look: 'plain', ways }]
}

/** Whether somebody who was asked in private did not come. */
function declined(call: Call): boolean {
  const kind = call.notice?.kind ?? ''
  return call.stage === 'held' && kind !== '' && kind !== 'completed' && kind !== 'not_held'
}

/** The other agents who are in the call. */
function others(snapshot: Snapshot, call: Call): Leg[] {
  const present = ['talking', 'held', 'waiting', 'connecting', 'music']
  return call.legs.filter(
    (leg) => leg.role === 'agent' && leg.agent !== snapshot.me.id && present.includes(leg.state),
  )
}

/** The name of an agent, who need not be on the call any more. */
export function nameOf(snapshot: Snapshot, call: Call, id: string | undefined): string {
  if (!id) return t('a colleague')
  const leg = call.legs.find((leg) => leg.agent === id)
  return leg?.name ?? snapshot.team.find((one) => one.id === id)?.name ?? t('a colleague')
}
