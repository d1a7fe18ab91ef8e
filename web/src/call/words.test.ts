import { afterEach, describe, expect, it } from 'vitest'
import { callerStates } from '../../dev/states'
import { speak } from '../lib/say.svelte'
import { hours, mic } from './unable'
import { lead, sentence, title } from './words'

afterEach(() => speak('en'))

describe('what the customer reads', () => {
  it.each([
    ['idle', 'Call us', ''],
    ['asking', 'Call us', "We'll ask to use your microphone."],
    ['checking', 'Call us', 'Your microphone works.'],
    ['calling', 'Call us', 'Calling...'],
    ['waiting', 'In line', 'Somebody will be with you shortly.'],
    ['talking', 'Talking', 'Ana is here.'],
    ['held', 'On hold', 'Ana put you on hold and is still with you.'],
    ['handedOver', 'Talking', "You're now with Ben."],
    ['blinked', 'Talking', 'Your internet blinked. Hold on, your place is kept.'],
    ['recording', 'Recording', 'Recording your message... press Done when you have finished.'],
    ['thanked', 'Call us', 'Thank you. We have your message. Call ended - 0:42.'],
    ['ended', 'Call us', 'Call ended - 4:12.'],
    ['promised', 'Call us', expect.stringMatching(/^Thank you\. We'll call you back by Monday,? (at )?\d\d?:00\W?(AM|PM)?\.$/)],
  ])('%s', (state, of, says) => {
    const line = callerStates[state]!()
    expect([title(line), sentence(line)]).toEqual([of, says])
  })
})

it('says who is ahead, and when we are open', () => {
  expect(lead(callerStates.idle!())).toBe('Free · in your browser')
  const busy = callerStates.busy!()
  expect(lead(busy)).toBe('Free · in your browser · 2 people ahead (~1 min)')
  expect(lead({ ...busy, expects: { ...busy.expects!, ahead: 1, wait: 0 } })).toBe('Free · in your browser · 1 person ahead')
  expect(hours(callerStates.afterHours!().expects!)).toBe(
    'Mon 09:00-17:00, Tue 09:00-17:00, Thu 09:00-12:00 13:00-17:00, Fri 09:00-15:00 (Europe/Berlin)',
  )
})

it.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1', 'Website Settings'],
  ['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36', 'Permissions'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'crossed-out microphone'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15', 'menu Safari'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Click the icon left of the address'],
])('says where %s keeps its word on the microphone', (browser, says) => {
  expect(mic('denied', browser)).toContain(says)
  expect(mic('granted', browser)).toBe('')
})
