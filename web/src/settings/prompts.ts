// What callers may be told, in the order in which a call comes to it: its name and when
// it is said. The ids are the desk's (call.Texts).

import { key } from '../lib/say.svelte'

export interface Prompt {
  id: string
  label: string
  why: string
}

/** name is what the settings call a text in a language. */
export const name = (language: string, id: string): string => [language, id].join('.')

export const prompts: readonly { title: string; list: readonly Prompt[] }[] = [
  {
    title: key('In line'),
    list: [
      { id: 'welcome', label: key('Welcome'), why: key('Before the music. A number can have its own, under Numbers and routing.') },
      { id: 'page', label: key('Welcome on the page'), why: key('In place of the welcome for who calls from the customer page. Empty: the welcome.') },
      { id: 'announcement', label: key('Announcement'), why: key('Before anything is recorded, where calls are.') },
      { id: 'coming', label: key('An agent is rung'), why: key('For who was asked what else they want, as soon as somebody is rung for them.') },
      { id: 'back', label: key('Back on the page'), why: key('When a page that lost its line is back in its place.') },
    ],
  },
  {
    title: key('When nobody can come soon'),
    list: [
      { id: 'closed', label: key('Closed'), why: key('Outside the opening hours, before the choice.') },
      { id: 'nobody', label: key('Nobody there'), why: key('While nobody is signed in, before the choice.') },
      { id: 'long', label: key('A long wait'), why: key('After the longest wait, before the choice.') },
      { id: 'choice', label: key('The choice'), why: key('Key 1 takes a message, key 2 a number to call back. Keep these two keys in the text.') },
      { id: 'stay', label: key('Goes on waiting'), why: key('For who presses something else.') },
      { id: 'message', label: key('Leave a message'), why: key('Before the tone.') },
      { id: 'no_message', label: key('No message'), why: key('When nothing was said, before the choice.') },
      { id: 'number', label: key('A number to call back'), why: key('Before a number is typed. The hash key ends it.') },
      { id: 'again', label: key('Not a number'), why: key('When what was typed cannot be one, before asking again.') },
      { id: 'got_message', label: key('Goodbye after a message'), why: key('When the message is kept.') },
      { id: 'got_number', label: key('Goodbye after a number'), why: key('When the number is kept.') },
    ],
  },
  {
    title: key('On hold'),
    list: [
      { id: 'held', label: key('On hold'), why: key('Before the music, when an agent holds.') },
      { id: 'asking', label: key('A colleague is asked'), why: key('Before the music, while agents talk in private.') },
      { id: 'still_on', label: key('Still on hold'), why: key('After five minutes on hold.') },
      { id: 'passed_on', label: key('Passed on'), why: key('For who is sent on, or given back to the queue.') },
    ],
  },
  {
    title: key('When a line breaks'),
    list: [
      { id: 'recovering', label: key('The agent is lost'), why: key("While the agent's line is got back.") },
      { id: 'checking', label: key('The agent is not heard of'), why: key("While the agent's page does not answer.") },
      { id: 'returned', label: key('Back in line'), why: key('When the agent did not come back.') },
      { id: 'line_closed', label: key('The other side hung up'), why: key('When a colleague on a telephone has ended the line.') },
      { id: 'no_ticket', label: key('The page called twice'), why: key('For a page that has used up its one call.') },
    ],
  },
]
