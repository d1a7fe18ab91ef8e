import { expect, it } from 'vitest'
import { read } from './prefs.svelte'

it('has the usual where nothing was kept, or nothing that can be read', () => {
  const usual = read(null)
  expect(usual).toMatchObject({ input: '', volume: 50, quiet: false, noise: true, checked: false })
  for (const text of ['', 'no JSON', 'null', '7', '{"volume":"loud","input":7,"quiet":1}']) expect(read(text)).toEqual(usual)
})

it('takes what was kept, within its bounds, and nothing else', () => {
  expect(read('{"input":"a","volume":900,"quiet":true,"other":1}')).toEqual({ ...read(null), input: 'a', volume: 100, quiet: true })
})
