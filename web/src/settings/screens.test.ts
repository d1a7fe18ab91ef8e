// The page of the carrier as HTML, in each of its states, and what others are made of.

import { render } from 'svelte/server'
import { afterEach, expect, it } from 'vitest'
import { speak } from '../lib/say.svelte'
import { sentence, snippet, type Carrier, type Finding } from './carrier'
import CarrierView from './CarrierView.svelte'
import * as fixtures from './fixtures'
import { gone } from './teams'

afterEach(() => speak('en'))

/** words are what the page says, without its tags. */
const words = (carrier: Carrier, findings: Finding[] | null, busy = false) =>
  render(CarrierView, { props: { carrier, findings, busy, ontest: () => undefined } })
    .body.replace(/<!--.*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

it.each<[string, Carrier, Finding[] | null, boolean, string[], string[]]>([
  ['before a test', fixtures.twilio, null, false, ['Twilio', 'AC00000000000000000000000000000001', 'Auth token set', 'takes our requests', 'https://desk.example.com'], ['Testing', 'Everything']],
  ['during a test', fixtures.twilio, null, true, ['Testing. This takes 20 seconds at most; calls go on.'], ['Everything']],
  ['all well', fixtures.twilio, fixtures.fine, false, ['Everything is all right.', 'All right Credentials Twilio accepts them'], ['To do']],
  ['a warning', fixtures.twilio, fixtures.wrong.slice(0, 3), false, ['1 of 3 are worth a look', 'Look at this Account A trial account', 'To do: upgrade it before customers call'], ['Something is wrong']],
  ['something wrong', fixtures.twilio, fixtures.wrong, false, ['Something is wrong: 1 of 4.', 'Wrong Number Calls to', 'To do: run warmdesk setup'], ['Everything']],
  ['no token', { ...fixtures.twilio, tokenSet: false, trouble: true }, null, false, ['Auth token not set', 'fails our requests'], []],
  ['our own', fixtures.builtIn, null, false, ['the built-in switchboard'], ['Twilio']],
])('shows the carrier: %s', (_, carrier, findings, busy, has, lacks) => {
  const said = words(carrier, findings, busy)
  for (const text of has) expect(said).toContain(text)
  for (const text of lacks) expect(said).not.toContain(text)
})

it('makes the line of the documents', () => {
  expect(snippet('https://desk.example.com')).toBe('<script src="https://desk.example.com/embed.js" async></script>')
})

it('finds the members of a team who have left the desk', () => {
  expect(gone(['agent1', 'olga'], [{ id: 'agent1' }, { id: 'agent2' }])).toEqual(['olga'])
})

it('begins what is found as a sentence begins, but no address', () => {
  expect(['none: nobody', 'https://desk.example.com leads here', '+15550100 is', 'number', 'über Twilio'].map(sentence)).toEqual([
    'None: nobody',
    'https://desk.example.com leads here',
    '+15550100 is',
    'Number',
    'Über Twilio',
  ])
})
