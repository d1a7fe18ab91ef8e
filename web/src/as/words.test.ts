import { expect, it } from 'vitest'
import { signedOutWords } from './words'

it('tells who is heard while signed out', () => {
  expect(signedOutWords(['Dana'], true)).toBe('You were signed out. You still hear Dana. Sign in to use the buttons.')
  expect(signedOutWords(['Dana', 'Ben'], true)).toContain('You still hear Dana and Ben.')
  expect(signedOutWords([], true)).toContain('Your call goes on.')
  expect(signedOutWords([], false)).toBe('You were signed out. Sign in to use the buttons.')
})
