import { describe, expect, it } from 'vitest'
import { commands, Keys, type Command, type Hands } from './commands'
import { fixtureNow, fixtures, type FixtureName } from './fixtures'
import type { Screen } from './screens'
import { view } from './view'

const screens: Screen[] = [
  { id: 'board', word: 'Board', role: 'lead', load: () => Promise.reject(new Error()) },
  { id: 'calls', role: 'agent', load: () => Promise.reject(new Error()) },
  { id: 'history', word: 'History', role: 'agent', load: () => Promise.reject(new Error()) },
]

function at(name: FixtureName, muted: boolean | null = null) {
  const done: string[] = []
  const say =
    (word: string) =>
    (what?: unknown): void =>
      void done.push(what === undefined ? word : `${word} ${typeof what === 'string' ? what : (what as { request: string }).request}`)
  const hands: Hands = {
    press: say('press'),
    mute: say('mute'),
    notes: say('notes'),
    keypad: say('keypad'),
    answer: say('answer'),
    bring: say('bring'),
    setPresence: say('presence'),
    status: say('status'),
    shortcuts: say('shortcuts'),
    palette: (search) => say(search ? 'search' : 'palette')(),
    go: say('go'),
  }
  const list = commands({ view: view(fixtures[name], { now: fixtureNow, muted }), presence: fixtures[name].presence, muted, screens }, hands)
  return { list, done }
}

function press(name: FixtureName, ...pressed: string[]): string[] {
  const { list, done } = at(name, false)
  const keys = new Keys()
  pressed.forEach((key, i) => {
    const found = keys.find(key, list, i * 100)
    if (found && found !== 'wait') found.run()
  })
  return done
}

describe('the keys', () => {
  it.each<[string, FixtureName, string[], string[]]>([
    ['A answers', 'ringing', ['A'], ['press answer']],
    ['A joins who asks', 'asked', ['A'], ['press answer']],
    ['X passes', 'ringing', ['X'], ['press pass']],
    ['M mutes', 'talking', ['M'], ['mute']],
    ['H holds', 'talking', ['H'], ['press hold']],
    ['H goes back', 'held', ['H'], ['press resume']],
    ['B goes back', 'asking', ['B'], ['press resume']],
    ['T brings somebody in', 'talking', ['T'], ['press consult']],
    ['J joins all three', 'private', ['J'], ['press merge']],
    ['S swaps', 'private', ['S'], ['press swap']],
    ['L hands over', 'private', ['L'], ['press handover']],
    ['L leaves', 'together', ['L'], ['press leave']],
    ['U takes back', 'handedOver', ['U'], ['press takeback']],
    ['N writes', 'noted', ['N'], ['notes']],
    ['K has the keypad', 'talking', ['K'], ['keypad']],
    ['V changes the status', 'available', ['V'], ['status']],
    ['Shift+E ends, which asks', 'talking', ['Shift+E'], ['press end']],
    ['1 answers the first in line', 'availableBusy', ['1'], ['answer 01KAN5W1']],
    ['2 answers the second', 'availableBusy', ['2'], ['answer 01KAN5W2']],
    ['3 answers nobody where two wait', 'availableBusy', ['3'], []],
    ['1 answers nobody in a call', 'talkingQueue', ['1'], []],
    ['G Q goes to the calls', 'available', ['G', 'Q'], ['go ']],
    ['G B goes to the board, and does not go back', 'held', ['G', 'B'], ['go board']],
    ['G H goes to the history, and does not hold', 'talking', ['G', 'H'], ['go history']],
    ['G S goes nowhere without settings, and does not swap', 'private', ['G', 'S'], []],
    ['? lists the keys', 'available', ['?'], ['shortcuts']],
    ['/ searches people and history', 'available', ['/'], ['search']],
    ['Ctrl+K searches', 'available', ['Ctrl+K'], ['palette']],
    ['E alone ends nothing', 'talking', ['E'], []],
    ['a key that does nothing here', 'available', ['L'], []],
  ])('%s', (_, name, pressed, done) => {
    expect(press(name, ...pressed)).toEqual(done)
  })

  it('are a pair only when the second follows soon', () => {
    const { list } = at('held')
    const keys = new Keys()
    expect(keys.find('G', list, 0)).toBe('wait')
    expect((keys.find('B', list, 5_000) as Command).id).toBe('resume')
  })

  it('bring a caller from the first ring to a colleague in at most five presses', () => {
    // The picker opens with the first free colleague chosen, whom Enter asks.
    const presses: [FixtureName, string, string][] = [
      ['ringing', 'A', 'press answer'],
      ['talking', 'T', 'press consult'],
      ['talking', 'Enter', ''],
      ['private', 'L', 'press handover'],
    ]
    for (const [name, key, done] of presses) if (done) expect(press(name, key)).toEqual([done])
    const first = view(fixtures.talking, { now: fixtureNow, muted: null }).team.find((row) => row.free)
    expect(first?.name).toBe('Ben')
    expect(presses.length).toBeLessThanOrEqual(5)
  })
})

describe('the commands', () => {
  it('have every button of the card, with no key twice', () => {
    for (const name of Object.keys(fixtures) as FixtureName[]) {
      const { list } = at(name, false)
      const keys = list.flatMap((one) => one.key ?? [])
      expect(new Set(keys).size, name).toBe(keys.length)
      expect(new Set(list.map((one) => one.id)).size, name).toBe(list.length)
      const labels = view(fixtures[name], { now: fixtureNow, muted: false }).card?.buttons.map((button) => button.label) ?? []
      expect(list.map((one) => one.label)).toEqual(expect.arrayContaining(labels))
    }
  })

  it('put what concerns the call first', () => {
    const here = at('talking', false).list.map((one) => one.here)
    expect(here.lastIndexOf(true)).toBeLessThan(here.indexOf(false))
  })
})
