import { afterEach, expect, it } from 'vitest'
import said from '../dev/said.json'
import { german, tell, texts, told } from '../dev/said'
import { callerStates, moments } from '../dev/states'
import { fixtures } from './as/fixtures'
import { happenings } from './as/fixtures.lists'
import pages from './lang/de'
import { full } from './board/fixtures'
import * as past from './history/fixtures'
import * as settings from './settings/fixtures'

// That the desk says them so is tested where it does: go test ./say.
it('has all that the desk says in the fixtures in German', () => {
  const callers = Object.values(callerStates).map((state) => state())
  const all = new Set(texts([fixtures, happenings, full, past, settings, callers, moments]))
  const how = 'in dev/said.json, with an empty German; then go test ./say -run TestFixtures -update'
  expect([...all].filter((text) => !Object.hasOwn(said, text) && !Object.hasOwn(pages, text)), `missing ${how}`).toEqual([])
  expect(Object.keys(said).filter((text) => !all.has(text)), 'no fixture says this any more').toEqual([])
})

afterEach(() => tell((text) => text))

it('translates what the desk says, and nothing else', () => {
  tell(german)
  const given = { name: 'Talking', stage: 'talking', chip: 'Talking', at: [1, null], word: 'good' }
  expect(told(given)).toEqual({ ...given, chip: 'Im Gespräch' })
})
