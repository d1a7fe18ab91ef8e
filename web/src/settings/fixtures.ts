// What the desk tells of its settings, for tests and for the gallery.

import type { Carrier, Finding } from './carrier'
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
    teams: { teams: [{ name: 'billing', members: ['agent1', 'olga'] }, { name: 'second_line', members: [] }] },
    embed: { origins: ['https://shop.example.com'] },
    screenPop: { url: 'https://crm.example.com/find?phone={from}&call={id}', label: '', on: 'answer' },
  } as unknown as Answer['settings'],
  fixed: {},
  undo: false,
}
