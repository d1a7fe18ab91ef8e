// Every state of every page, drawn: what the design promises of each by name, and what
// holds for all of them. That it can be read and used is seen in a browser (e2e/gallery).

import { render } from 'svelte/server'
import { describe, expect, it, vi } from 'vitest'
import { outline, type Found } from '../../dev/outline'
import { boardStates, callerStates, consoleStates } from '../../dev/states'
import Caller from '../call/Caller.svelte'
import Console from './Console.svelte'

vi.stubGlobal('location', new URL('http://localhost/as/agent1'))

const desk = (name: string) => outline(render(Console, { props: { session: consoleStates[name]!() } }).body)
const caller = (name: string) => outline(render(Caller, { props: { line: callerStates[name]!() } }).body)

/** The buttons below the sentence, without those at people's faces and in what is told. */
const card = (page: Found[]) => page.filter((one) => one.tag === 'button' && one.region === 'Current call' && /\bbuttons\b/.test(one.within))
const primary = (one: Found) => /class="[^"]*\bprimary\b/.test(one.attributes)
const says = (page: Found[], text: string) => page.some((one) => one.name === text)

// console.md 2.3: chip, sentence, buttons; the first one is the primary.
describe('the card of a call', () => {
  it.each<[string, string, string, string[]]>([
    ['ringing', 'Ringing', 'Dana is calling. Waited 0:18. Stays in the queue if you pass.', ['Answer', 'Pass']],
    ['asked', 'Transfer from Ana', "Ana wants your help with Dana: refund over limit. Dana is on hold 0:24 and can't hear you.", ['Join Ana privately', 'Not now']],
    ['talking', 'Talking', 'You and Dana hear each other.', ['Bring someone in', 'Hold', 'Mute', 'Keypad', 'End call']],
    ['muted', 'Talking · Muted', "Dana can't hear you.", ['Bring someone in', 'Unmute', 'End call']],
    ['held', 'On hold 0:42', "Dana hears music. You can't hear each other.", ['Back to Dana', 'Bring someone in', 'End call']],
    ['asking', 'Calling Ben', 'Dana hears music. Ringing Ben (20 s).', ['Back to Dana', 'Try someone else']],
    ['private', 'Private with Ben', 'You and Ben talk privately. Dana hears music 1:05.', ['Hand over to Ben', 'Join all three', 'Swap to Dana', 'Back to Dana']],
    ['swapped', 'Talking to Dana', 'You and Dana talk. Ben waits.', ['Hand over to Ben', 'Join all three', 'Swap to Ben']],
    ['together', 'All three', 'Everyone hears everyone.', ['Leave - Ben stays with Dana', 'Private with Ben', 'Remove Ben']],
    ['handingOver', 'Handing over', 'Connecting Dana to Ben... you leave when they can hear each other.', ['Keep me in']],
    ['handedOver', 'Handed over', 'Ben has Dana. Notes sent.', ['Finish', 'Take back']],
    ['declinedPrivately', 'On hold 0:42', "Ben can't right now. Dana is still on hold.", ['Back to Dana', 'Try someone else']],
    ['recovering', 'Reconnecting', 'Your connection dropped. Dana hears music. Getting you back... 3 s', []],
  ])('%s: %s', (name, chip, sentence, buttons) => {
    const page = desk(name)
    expect(page.find((one) => one.region === 'Current call' && /class="chip/.test(one.attributes))?.name).toBe(chip)
    expect(says(page, sentence), `says ${sentence}`).toBe(true)
    const names = card(page).map((one) => one.name)
    expect(names.filter((one) => buttons.includes(one))).toEqual(buttons)
    expect(names[0]).toBe(buttons[0] ?? names[0])
  })

  it.each<[string, string, string]>([
    ['offline', "You won't get calls.", 'Go available'],
    ['available', 'Waiting for a call. 0 people in the queue.', 'Take a break'],
    ['wrapUp', "Dana's call ended.", 'Done - go available'],
    ['wrapUpThenBreak', "Dana's call ended.", 'Done - take a break'],
    ['elsewhere', "You're also open in another tab.", 'Use this one'],
  ])('of none, %s: %s', (name, sentence, button) => {
    const page = desk(name)
    expect(says(page.filter((one) => one.tag === 'h2'), sentence)).toBe(true)
    expect(says(page.filter((one) => one.tag === 'button'), button)).toBe(true)
  })
})

describe("the customer's page", () => {
  it.each<[string, string, string[]]>([
    ['idle', 'Free · in your browser', ['Call now']],
    ['waiting', 'Somebody will be with you shortly.', ['Mute', 'End']],
    ['talking', 'Ana is here.', ['Mute', 'Speaker', 'Keypad', 'End']],
    ['held', 'Ana put you on hold and is still with you.', ['Mute', 'End']],
    ['askingColleague', 'Ana is asking a colleague.', ['Mute', 'End']],
    ['handedOver', "You're now with Ben.", ['Mute', 'Keypad', 'End']],
    ['ended', 'Call ended - 4:12.', ['Call again']],
  ])('%s: %s', (name, sentence, buttons) => {
    const page = caller(name)
    expect(says(page, sentence), `says ${sentence}`).toBe(true)
    const names = page.filter((one) => one.tag === 'button').map((one) => one.name)
    expect(names.filter((one) => buttons.includes(one))).toEqual(buttons)
  })
})

const all: [string, () => Found[]][] = [
  ...Object.keys(consoleStates).map((name): [string, () => Found[]] => [`as ${name}`, () => desk(name)]),
  ...Object.keys(boardStates).map((name): [string, () => Found[]] => [`board ${name}`, () => outline(render(Console, { props: { session: boardStates[name]!() } }).body)]),
  ...Object.keys(callerStates).map((name): [string, () => Found[]] => [`call ${name}`, () => caller(name)]),
]

describe('every state', () => {
  it.each(all)('%s has one heading of its own, one main part, and a name for each button', (_, draw) => {
    const page = draw()
    expect(page.filter((one) => one.tag === 'h1')).toHaveLength(1)
    expect(page.filter((one) => one.tag === 'main').length).toBeGreaterThan(0)
    expect(page.filter((one) => ['button', 'a', 'h1', 'h2', 'h3'].includes(one.tag) && !one.name)).toEqual([])
    const buttons = card(page)
    expect(buttons.filter(primary).length).toBeLessThanOrEqual(1)
    if (buttons.some(primary)) expect(buttons.findIndex(primary)).toBe(0)
  })
})
