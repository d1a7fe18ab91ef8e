import { expect, it } from 'vitest'
import type { Snapshot } from '../lib/types'
import { fixtures } from './fixtures'
import { Pops } from './pop'

const link = 'https://crm.example.com/x?call=1'
const linked = (snapshot: Snapshot, on: 'answer' | 'ring' | 'never'): Snapshot => ({
  ...snapshot,
  screenPop: { on },
  calls: snapshot.calls.map((call) => ({ ...call, customer: { ...call.customer, link } })),
})
const id = fixtures.ringing.calls[0]!.id

it('opens with the press of Answer, once', () => {
  const opened: string[] = []
  const pops = new Pops((url) => opened.push(url))
  const ringing = linked(fixtures.ringing, 'answer')
  pops.see(ringing)
  expect(opened).toEqual([])
  pops.answered(id, ringing)
  pops.see(linked(fixtures.talking, 'answer'))
  pops.answered(id, ringing)
  expect(opened).toEqual([link])
})

it('opens when a customer answered out of the line has become a call', () => {
  const opened: string[] = []
  const pops = new Pops((url) => opened.push(url))
  pops.answered(id, linked(fixtures.availableBusy, 'answer'))
  expect(opened).toEqual([])
  pops.see(linked(fixtures.ringing, 'answer'))
  expect(opened).toEqual([link])
})

it('opens on the ring where that is set, and never where that is', () => {
  const opened: string[] = []
  const pops = new Pops((url) => opened.push(url))
  pops.answered(id, linked(fixtures.ringing, 'never'))
  expect(opened).toEqual([])
  pops.see(linked(fixtures.talking, 'ring'))
  expect(opened).toEqual([])
  pops.see(linked(fixtures.ringing, 'ring'))
  pops.see(linked(fixtures.ringing, 'ring'))
  expect(opened).toEqual([link])
})
