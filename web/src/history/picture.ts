// Where a call's bars stand, for the picture and for the table that says the same.

import type { Bar, Lane } from './records'

export interface Drawn extends Bar {
  /** From the call's start, in milliseconds. */
  start: number
  end: number
}

export interface DrawnLane extends Lane {
  bars: Drawn[]
}

export interface Picture {
  lanes: DrawnLane[]
  /** The whole call, in milliseconds; at least a second. */
  length: number
  /** Where the axis has a mark, in milliseconds. */
  marks: number[]
}

/** The steps of the axis, in seconds: the first that needs no more than six marks is taken. */
const steps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]

export function draw(lanes: readonly Lane[]): Picture {
  const times = lanes.flatMap((lane) => lane.bars.flatMap((bar) => [Date.parse(bar.from), Date.parse(bar.to)]))
  const begin = times.length > 0 ? Math.min(...times) : 0
  const length = Math.max(1000, times.length > 0 ? Math.max(...times) - begin : 0)
  const step = 1000 * (steps.find((seconds) => length / (seconds * 1000) <= 6) ?? steps.at(-1)!)
  const marks: number[] = []
  for (let at = 0; at <= length; at += step) marks.push(at)
  return {
    length,
    marks,
    lanes: lanes.map((lane) => ({
      ...lane,
      bars: lane.bars.map((bar) => ({ ...bar, start: Date.parse(bar.from) - begin, end: Date.parse(bar.to) - begin })),
    })),
  }
}
