// What is known and written of a call: who the customer is, why they called, the
// note, what happened. Pure, like view.ts.

import { ordinal, t } from '../lib/say.svelte'
import type { Call, Customer, Snapshot } from '../lib/types'
import { nameOf } from './buttons'

export interface About {
  id: string
  /** Rises with what happens, so that it can be looked for again. */
  version: number
  customer: Customer
  /** What the link to the customer's page elsewhere says; empty: there is none. */
  link: string
  /** Null where it is not this agent's to write. */
  topic: string | null
  note: string | null
  /** Who else has the note before their eyes; empty: nobody. */
  reader: string
}

/** A call that only rings is nothing to write on yet. */
export function about(snapshot: Snapshot, call: Call | null, ringing: string | null): About | null {
  const { wrap } = snapshot
  if (!call && wrap) {
    return { id: wrap.id, version: 0, customer: wrap.customer, link: linkWords(snapshot, wrap.customer), topic: wrap.topic, note: wrap.note, reader: '' }
  }
  if (!call || ringing || !call.allowed.includes('note')) return null
  return {
    id: call.id,
    version: call.version,
    customer: call.customer,
    link: linkWords(snapshot, call.customer),
    topic: call.allowed.includes('topic') ? (call.topic ?? '') : null,
    note: call.note ?? '',
    reader: reader(snapshot, call),
  }
}

const linkWords = (snapshot: Snapshot, customer: Customer): string => (customer.link ? snapshot.screenPop?.label || t('Open in CRM') : '')

/** A colleague on the call has the note on the page; who is at a telephone has none. */
function reader(snapshot: Snapshot, call: Call): string {
  const leg = call.legs.find((leg) => leg.role === 'agent' && leg.agent !== snapshot.me.id && !leg.phone && leg.state !== 'gone')
  return leg ? nameOf(snapshot, call, leg.agent) : ''
}

/** vouched is what the site they called from has signed of a customer besides their name. */
export function vouched({ phone, email, reference }: Customer): [name: string, value: string][] {
  const all: [string, string | undefined][] = [[t('Phone'), phone], [t('Email'), email], [t('Reference'), reference]]
  return all.flatMap(([name, value]) => (value ? [[name, value]] : []))
}

/** "3rd call this week", from the second one on. */
export function recently(customer: Customer): string {
  const n = customer.recent ?? 0
  return n > 1 ? t('{nth} call this week', { nth: ordinal(n) }) : ''
}
