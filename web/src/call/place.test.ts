import { expect, it } from 'vitest'
import { place } from './words'

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
])('tells place %d', (n, words) => {
  expect(place(n)).toBe(`You're ${words}. We update this; you don't need to keep looking.`)
})

it('tells nothing to who does not wait', () => {
  expect(place(undefined) + place(0)).toBe('')
})
