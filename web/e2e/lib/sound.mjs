// What recorded sound holds: levels, tones, silences. Pure; samples are 16 bit at
// 8 kHz, levels are dBFS with a full-scale sine at 0.

export const rate = 8_000
/** Quieter than this is silence. */
export const silence = -60
const perWindow = rate / 100

export function level(samples) {
  let power = 0
  for (const sample of samples) power += sample * sample
  return decibels(Math.sqrt((2 * power) / Math.max(1, samples.length)))
}

/** toneLevel is the level of one frequency. A Hann window keeps its neighbours out. */
export function toneLevel(samples, frequency) {
  const n = samples.length
  if (n === 0) return -Infinity
  const step = (2 * Math.PI * frequency) / rate
  let re = 0
  let im = 0
  for (let i = 0; i < n; i++) {
    const sample = samples[i] * (1 - Math.cos((2 * Math.PI * i) / n))
    re += sample * Math.cos(step * i)
    im += sample * Math.sin(step * i)
  }
  return decibels((2 * Math.hypot(re, im)) / n)
}

/** longestGap is the longest run of silent 10 ms windows: {ms, at}, at in ms from the first sample. */
export function longestGap(samples) {
  const longest = { ms: 0, at: 0 }
  let run = 0
  for (let i = 0; i + perWindow <= samples.length; i += perWindow) {
    run = level(samples.subarray(i, i + perWindow)) < silence ? run + 10 : 0
    if (run > longest.ms) Object.assign(longest, { ms: run, at: (i + perWindow) / 8 - run })
  }
  return longest
}

/** quietest is the level of the quietest half second, looked for every 100 ms. */
export function quietest(samples) {
  let least = Infinity
  for (let i = 0; i + rate / 2 <= samples.length; i += rate / 10) least = Math.min(least, level(samples.subarray(i, i + rate / 2)))
  return least
}

/** firstSound is when (ms from the first sample) sound begins; null when it never does. */
export function firstSound(samples) {
  for (let i = 0; i + perWindow <= samples.length; i += perWindow) {
    if (level(samples.subarray(i, i + perWindow)) >= silence) return i / 8
  }
  return null
}

/** likeness is how well samples match some part of a longer clip: 1 is the same, 0 unrelated. */
export function likeness(samples, clip) {
  const short = thin(samples)
  const long = thin(clip)
  const own = Math.sqrt(short.reduce((sum, x) => sum + x * x, 0))
  let power = 0
  for (let i = 0; i < short.length; i++) power += long[i] * long[i]
  let best = 0
  for (let at = 0; at + short.length < long.length; at++) {
    let dot = 0
    for (let i = 0; i < short.length; i++) dot += short[i] * long[at + i]
    best = Math.max(best, dot / (own * Math.sqrt(power) + 1))
    power += long[at + short.length] ** 2 - long[at] ** 2
  }
  return best
}

/** thin brings sound down to 1 kHz, enough to know a melody by. */
function thin(samples) {
  const out = new Float64Array(Math.floor(samples.length / 8))
  for (let i = 0; i < out.length; i++) {
    for (let j = 0; j < 8; j++) out[i] += samples[i * 8 + j] / 8
  }
  return out
}

function decibels(amplitude) {
  return 20 * Math.log10(amplitude / 32768)
}
