// What the desk tells of its settings, for tests and for the gallery.

import type { Carrier, Finding } from './carrier'
import { name, prompts } from './prompts'
import type { Answer } from './types'

export const twilio: Carrier = {
  name: 'Twilio',
  builtIn: false,
  account: 'AC00000000000000000000000000000001',
  tokenSet: true,
  number: '+15550100',
  publicUrl: 'https://desk.example.com',
  trouble: false,
}

export const builtIn: Carrier = { ...twilio, name: '', builtIn: true, publicUrl: 'http://127.0.0.1:8080' }

export const fine: Finding[] = [
  { state: 'ok', check: 'clock', found: "as Twilio's, within 30s" },
  { state: 'ok', check: 'credentials', found: 'Twilio accepts them' },
]

export const wrong: Finding[] = [
  ...fine,
  { state: 'warning', check: 'account', found: 'a trial account: callers hear a notice first, and only verified numbers can be called', todo: 'upgrade it before customers call' },
  {
    state: 'wrong',
    check: 'number',
    found: 'calls to +15550100 go to "https://pbx.example.com/voice/incoming/support", not to https://desk.example.com/conference/connect/client',
    todo: 'run warmdesk setup',
  },
]

export const settings: Answer = {
  version: 3,
  settings: {
    routing: {
      numbers: [
        { number: '+15550100', team: 'billing', language: '', welcome: '' },
        { number: '+4930123456', team: '', language: 'de', welcome: 'Guten Tag, hier ist der Laden in Berlin.' },
      ],
      hours: { zone: 'Europe/Berlin', days: ['09:00-12:00 13:00-17:00', '09:00-17:00', '09:00-17:00', '09:00-17:00', '09:00-15:00', '', ''] },
      holidays: ['2026-12-25', '2026-12-26'],
      maxWait: 600,
      language: 'en',
      music: { id: '', name: '', seconds: 0 },
    },
    teams: { teams: [{ name: 'billing', members: ['agent1', 'olga'] }, { name: 'second_line', members: [] }] },
    transfers: { ring: 20, takeBack: 20, back: 10, declined: 0, returnTo: 'sender' },
    telephones: { countries: ['DE', 'AT'], prefixes: ['+1555'], home: '', customerId: false, phones: [{ agent: 'agent2', number: '+4930123456' }] },
    prompts: Object.fromEntries(
      prompts.flatMap(({ list }) => list.flatMap(({ id, why }) => [[name('en', id), why], [name('de', id), `Guten Tag. ${why}`]])),
    ),
    embed: { origins: ['https://shop.example.com'], agentOrigins: ['https://crm.example.com'] },
    screenPop: { url: 'https://crm.example.com/find?phone={from}&call={id}', label: '', on: 'answer' },
  } as unknown as Answer['settings'],
  fixed: {},
  undo: false,
}

/** The people of a desk: named where it is started, or added here. */
export const users = {
  users: [
    { id: 'agent1', name: 'Ana', role: 'admin', phone: '', disabled: false, invited: false, fixed: true },
    { id: 'agent2', name: 'Ben', role: 'agent', phone: '', disabled: false, invited: false, fixed: true },
    { id: 'olga', name: 'Olga', role: 'lead', phone: '+4930123457', disabled: false, invited: true, fixed: false },
  ],
}
