// Whose voice is in some sound: everybody speaks in one tone of their own.

import assert from 'node:assert/strict'
import { level, rate, silence, toneLevel } from './sound.mjs'

/**
 * Tones (Hz) halfway between the notes music is made of, with no harmonic and no
 * third-order product of one another within 38 Hz of any of them: neither the
 * music nor what µ-law adds to a mix is ever taken for a voice.
 */
export const tones = { Dana: 479, Ana: 857, Ben: 1279, Cy: 2029, Eve: 2281 }
/** How loud everybody speaks (dBFS). */
export const spoken = -12

/** A voice is heard when it comes within 8 dB of how it was spoken, and not heard 40 dB below. */
const heard = spoken - 8
const absent = spoken - 40
/** A moment of a voice: so loud, or above the faint level and a peak among its neighbours. */
const loud = spoken - 18
const faint = spoken - 28
/** Beside the window's own width, within the distance kept from others' products. */
const beside = [-28, -20, 20, 28]
const prominent = 12

/**
 * voices says who is heard in some sound, and how loud its moments are. It throws
 * on what is neither a voice nor its absence. Sound over a network is stretched and
 * mended now and then, so it is judged by moments (200 ms) of it.
 */
export function voices(samples) {
  const names = []
  const parts = moments(samples)
  for (const [name, frequency] of Object.entries(tones)) {
    const levels = parts.map((part) => toneLevel(part, frequency)).sort((a, b) => a - b)
    const usual = levels[Math.floor(levels.length / 2)]
    // All the time, but for one moment that was mended.
    if (levels[Math.min(1, levels.length - 1)] >= heard) names.push(name)
    else if (usual > absent || parts.some((part) => isThere(part, frequency))) {
      throw new Error(`${name} is heard at ${usual.toFixed(1)} dBFS: neither a voice nor silence`)
    }
  }
  const loudness = parts.map(level)
  return { names, quietest: Math.min(...loudness), loudest: Math.max(...loudness) }
}

/** everHeard names everybody who was heard at any moment of some sound. */
export function everHeard(samples) {
  const parts = moments(samples)
  return Object.keys(tones).filter((name) => parts.some((part) => isThere(part, tones[name])))
}

/** inWords is 'Ana Ben', 'music' (sound, nobody's voice) or 'silence'. */
export function inWords(samples) {
  const { names, quietest, loudest } = voices(samples)
  if (names.length > 0) return names.join(' ')
  if (loudest < silence) return 'silence'
  assert.ok(quietest >= silence, 'there is sound, but not all the time')
  return 'music'
}

/**
 * isThere tells a voice in a moment of sound from the splash of another voice that
 * was cut or mended: a splash is as loud beside the tone as on it.
 */
function isThere(part, frequency) {
  const found = toneLevel(part, frequency)
  if (found <= faint || found > loud) return found > loud
  return found - Math.max(...beside.map((offset) => toneLevel(part, frequency + offset))) >= prominent
}

function moments(samples) {
  const size = rate / 5
  const parts = []
  for (let at = 0; at + size <= samples.length; at += size / 2) parts.push(samples.subarray(at, at + size))
  return parts.length > 0 ? parts : [samples]
}

/**
 * heardFrom is after how long (ms) somebody is heard for good: 0 when they are heard
 * all the time, Infinity when never. Half a second or less without them is a moment
 * that the network lost, and no end.
 */
export function heardFrom(samples, name) {
  const levels = moments(samples).map((part) => toneLevel(part, tones[name]))
  let missing = 0
  for (let i = levels.length - 1; i >= 0; i--) {
    missing = levels[i] >= heard ? 0 : missing + 1
    // Moments begin every 100 ms and last for 200.
    if (missing === 4) return i + missing === levels.length ? Infinity : (i + missing) * 100
  }
  return 0
}
