import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Stored } from './stored.svelte'
import type { Answer } from './types'

/** What the desk answers next, and what it was asked. */
const answers: [number, unknown][] = []
const asked: { path: string; method: string; body: string }[] = []

const now = (version: number, ring = 20): Answer => ({
  version,
  settings: { transfers: { ring, takeBack: 20, back: 10 } } as Answer['settings'],
  fixed: { 'wrapUp.seconds': 'WRAP_UP' },
  undo: version > 0,
})

beforeEach(() => {
  answers.length = asked.length = 0
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, method: init.method ?? '', body: String(init.body) })
    const [status, body] = answers.shift()!
    return new Response(JSON.stringify(body), { status })
  })
})
afterEach(() => vi.unstubAllGlobals())

async function loaded(): Promise<Stored> {
  answers.push([200, now(4)])
  const stored = new Stored('agent1')
  await stored.load()
  return stored
}

it('saves one field with the version it was made on, and undoes it', async () => {
  const stored = await loaded()
  answers.push([200, now(5, 15)])
  expect(await stored.set('transfers', 'ring', 15)).toBe(true)
  expect(asked[1]).toEqual({ path: '/api/settings/transfers', method: 'PATCH', body: '{"version":4,"set":{"ring":15}}' })
  expect([stored.answer?.settings.transfers.ring, stored.saved]).toEqual([15, 5])
  answers.push([200, now(6)])
  await stored.undo()
  expect(asked[2]).toEqual({ path: '/api/settings/undo', method: 'POST', body: '{"version":5}' })
  expect([stored.answer?.settings.transfers.ring, stored.saved]).toEqual([20, 0])
})

it('tells what is wrong beside its field, until it is right', async () => {
  const stored = await loaded()
  answers.push([422, { code: 'invalid', message: 'Nothing was saved.', fields: { ring: 'The ring time is too long.' } }])
  expect(await stored.set('transfers', 'ring', 900)).toBe(false)
  expect(stored.wrong).toEqual({ 'transfers.ring': 'The ring time is too long.' })
  expect([stored.trouble, stored.saved]).toEqual(['', 0])
  answers.push([200, now(5, 90)])
  await stored.set('transfers', 'ring', 90)
  expect(stored.wrong).toEqual({})
})

it('shows what somebody else has set instead of writing over it', async () => {
  const stored = await loaded()
  answers.push([409, { code: 'changed', message: 'Meanwhile.', now: now(7, 33) }])
  expect(await stored.set('transfers', 'back', 5)).toBe(false)
  expect(stored.answer?.settings.transfers.ring).toBe(33)
  expect(stored.trouble).toMatch(/^Somebody else has changed the settings/)
})

it('tells what is wrong with a file beside the music, and what no field is to blame for above', async () => {
  const stored = await loaded()
  answers.push([422, { code: 'not_audio', message: 'This file is no WAV or MP3.' }])
  await stored.upload(new File(['x'], 'x.wav'))
  expect(stored.wrong).toEqual({ 'routing.music': 'This file is no WAV or MP3.' })
  answers.push([500, { code: 'internal', message: 'Something went wrong.' }])
  await stored.set('callPage', 'open', false)
  expect(stored.trouble).toBe('Something went wrong.')
  expect(stored.fixed('wrapUp', 'seconds')).toBe('WRAP_UP')
})
