import { expect, it } from 'vitest'
import { placeWords, signedOutWords } from './words'

it.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [11, '11th'],
  [12, '12th'],
  [13, '13th'],
  [21, '21st'],
  [112, '112th'],
  [122, '122nd'],
])('tells place %d', (place, words) => {
  expect(placeWords(place)).toBe(`You're ${words}. We update this; you don't need to keep looking.`)
})

it('tells nothing to who does not wait', () => {
  expect(placeWords(undefined) + placeWords(0)).toBe('')
})

it('tells who is heard while signed out', () => {
  expect(signedOutWords(['Dana'], true)).toBe('You were signed out. You still hear Dana. Sign in to use the buttons.')
  expect(signedOutWords(['Dana', 'Ben'], true)).toContain('You still hear Dana and Ben.')
  expect(signedOutWords([], true)).toContain('Your call goes on.')
  expect(signedOutWords([], false)).toBe('You were signed out. Sign in to use the buttons.')
})
