// Longer looks at what a person heard.

import { decode } from './wav.mjs'
import { firstSound } from './sound.mjs'
import { eventually } from './wait.mjs'

/** clipOf fetches a WAV file of the server as 8 kHz samples. */
export async function clipOf(server, path) {
  const response = await fetch(server.url + path)
  return decode(Buffer.from(await response.arrayBuffer()))
}

/** soundSince waits for the first sound a person hears after a time: {at}, in ms since 1970. */
export function soundSince(person, time) {
  return eventually(`${person.name} hears something`, async () => {
    const first = firstSound(await person.ears.between(time, Date.now()))
    return first !== null && { at: time + first }
  })
}
