// The screens as HTML, in each of their states, from fixtures.

import { render } from 'svelte/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { speak } from '../lib/say.svelte'
import CallList from './CallList.svelte'
import CallView from './CallView.svelte'
import { createRawSnippet } from 'svelte'
import * as fixtures from './fixtures'
import Narrow from './Narrow.svelte'
import type { CallRow, Detail, Report } from './records'
import ReportView from './ReportView.svelte'

beforeEach(() => {
  vi.stubEnv('TZ', 'UTC')
})

afterEach(() => {
  vi.unstubAllEnvs()
  return speak('en')
})

const route = { href: (path: string) => `/as/agent1/${path}`, follow: () => undefined }

/** words are what a screen says, without its tags. */
const words = (html: string) =>
  html
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&lt;', '<')

interface Shown {
  rows?: CallRow[]
  next?: string
  loading?: '' | 'first' | 'more'
  trouble?: string
  of?: string | null
}

const list = (shown: Shown, narrowed = false) =>
  render(CallList, {
    props: {
      listing: { rows: [], next: '', loading: '', trouble: '', of: '', ...shown },
      narrowed,
      now: fixtures.now,
      route,
      onopen: () => undefined,
      onmore: () => undefined,
      onagain: () => undefined,
      onall: () => undefined,
    },
  }).body

it.each<[string, Shown, boolean, string[], string[]]>([
  ['nothing yet', { of: null }, false, ['Loading...'], ['Calls appear here']],
  ['no call ever', {}, false, ['Calls appear here after your first one.'], ['Loading', 'Show all']],
  ['no call found', {}, true, ['No call is like that.', 'Show all calls'], ['after your first']],
  ['a failure', { of: null, trouble: 'That did not reach the desk.' }, false, ['That did not reach the desk.', 'Try again'], ['Loading', 'Calls appear']],
  ['a failure further down', { rows: fixtures.rows, trouble: 'That did not reach the desk.' }, false, ['Try again', 'Dana Reyes'], []],
  ['one page', { rows: fixtures.few.calls }, false, ['Dana Reyes', 'Handed over to Ben', 'Ana and Ben', '+15550100123', 'Nobody', 'On the call now'], ['Older calls']],
  ['many', { rows: fixtures.many.calls, next: 'x' }, false, ['Older calls'], ['Calls appear']],
])('shows %s', (_, shown, narrowed, says, silent) => {
  const text = words(list(shown, narrowed))
  for (const part of says) expect(text).toContain(part)
  for (const part of silent) expect(text).not.toContain(part)
})

it('leads from each row to its call', () => {
  const html = list({ rows: fixtures.rows })
  for (const row of fixtures.rows) expect(html).toContain(`href="/as/agent1/calls/${row.id}"`)
})

it('never shows a browser caller as a number', () => {
  expect(words(list({ rows: [fixtures.row(3, { name: '', number: 'client:dana' })] }))).toContain('Web caller')
  expect(list({ rows: [fixtures.row(3, { number: 'client:dana' })] })).not.toContain('client:')
})

const narrow = (query: string, teams = fixtures.few.teams, csv?: string) =>
  render(Narrow, { props: { query: new URLSearchParams(query), agents: fixtures.few.agents, teams, csv, onask: () => undefined } }).body

it('shows what is asked for, and opens what is set', () => {
  expect(narrow('q=refund&outcome=dropped')).toMatch(/value="refund"/)
  expect(narrow('q=refund')).not.toMatch(/<details open/)
  expect(narrow('from=2026-11-01')).toMatch(/<details open/)
  expect(narrow('')).not.toContain('Show all calls')
  expect(narrow('', [])).not.toContain('Sales')
  expect(narrow('')).not.toContain('Save as CSV')
  expect(narrow('', [], '/api/calls.csv?')).toContain('href="/api/calls.csv?"')
})

const call = (detail: Detail, tracks = fixtures.tracks) =>
  words(render(CallView, { props: { detail, tracks, agent: 'agent1', now: fixtures.now, buttons: createRawSnippet(() => ({ render: () => '<b></b>' })) } }).body)

it('tells one call from its first ring to its raw callbacks', () => {
  const text = call(fixtures.detail)
  for (const part of [
    'Handed over to Ben', 'Ana and Ben', 'Wants a refund for order 1234.', 'Why they called: Billing', 'How it ended: Solved', '4 of 5',
    'Ben has Dana Reyes now.', 'CA0123456789abcdef0123456789abcdef', 'Recordings', 'Deleted', 'As a table',
  ]) expect(text).toContain(part)
  expect(text).not.toContain('Why was I cut off?')
})

it('says why a customer was cut off, and hides what there is not', () => {
  const text = call(fixtures.dropped, [])
  expect(text).toContain("Why was I cut off? Ana's line was lost.")
  expect(text).toContain('The carrier has told us nothing of this call')
  expect(text).not.toContain('Recordings')
  expect(text).not.toContain('Notes')
})

const report = (of: Report) => render(ReportView, { props: { report: of, now: fixtures.now, route } }).body

it('reports in figures, with each customer we lost', () => {
  const html = report(fixtures.report)
  const text = words(html)
  for (const part of ['77 %', '96 of 124, target 80 %', 'of 132 calls', 'nine of ten 0:31, longest 2:22', 'Asked in private first', 'Rings missed', '3:46']) expect(text).toContain(part)
  expect(html).toContain(`href="/as/agent1/calls/${fixtures.rows[4]!.id}"`)
  expect(text).not.toContain('Example')
})

it('shows an example where there are no calls', () => {
  expect(words(report(fixtures.nothing))).toMatch(/No calls in this time\. Example/)
})

it('reports a good day without blame', () => {
  const text = words(report({ ...fixtures.report, summary: { ...fixtures.report.summary, dropped: 0, inTime: 124 }, drops: [], transfers: [] }))
  expect(text).toContain('100 %')
  expect(text).toContain('Nobody was brought in.')
  expect(text).not.toContain('Off target')
})
