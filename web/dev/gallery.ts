// Every state of every page from fixtures, without a desk, in development only:
// /dev/gallery.html lists them, ?page=as&state=talking shows one, and ?walk leaves it
// to a test which to show (window.gallery). lang=de, pseudo (longer, with accents) or rtl
// and scheme=light or dark change how.

import '../src/style/base.css'
import { flushSync, mount, unmount } from 'svelte'
import Console from '../src/as/Console.svelte'
import type { Shown } from '../src/as/shown'
import Caller from '../src/call/Caller.svelte'
import * as calls from '../src/history/fixtures'
import Home from '../src/home/Home.svelte'
import SetUpHttps from '../src/home/SetUpHttps.svelte'
import SignIn from '../src/home/SignIn.svelte'
import { begin, pretend, speak } from '../src/lib/say.svelte'
import { pseudo, stretch } from './pseudo'
import { german, tell } from './said'
import '../src/board/Board.svelte'
import '../src/settings/Settings.svelte'
import { answer, play, scenes, whole } from './screens'
import { boardStates, callerStates, consoleStates, demoConfig } from './states'

const names: Record<string, string[]> = {
  as: Object.keys(consoleStates),
  screen: Object.keys(scenes),
  board: Object.keys(boardStates),
  whole: Object.keys(whole),
  call: Object.keys(callerStates),
  home: [''],
  signin: [''],
  https: [''],
}

/** draw shows a state in target, and returns the way to take it off. */
function draw(page: string, state: string, target: HTMLElement): () => void {
  const off = (component: object) => () => void unmount(component)
  switch (page) {
    case 'as':
      return off(mount(Console, { target, props: { session: consoleStates[state]!() } }))
    case 'board':
      return console(target, `board${state === 'wall' ? '?tv=1' : ''}`, boardStates[state]!())
    case 'whole':
      answer(whole[state]!.answers)
      return console(target, whole[state]!.path, { ...consoleStates.available!(), role: 'admin', now: calls.now })
    case 'call':
      return off(mount(Caller, { target, props: { line: callerStates[state]!() } }))
    case 'home':
      return off(mount(Home, { target, props: { config: demoConfig, base: '/dev/frame.html?' } }))
    case 'https':
      return off(mount(SetUpHttps, { target, props: { secureUrl: 'https://desk.local:8443' } }))
    case 'signin':
      return off(mount(SignIn, { target }))
    default:
      return screen(state, target)
  }
}

/** The console with one of its other screens open. */
function console(target: HTMLElement, path: string, session: Shown): () => void {
  const address = location.pathname + location.search
  history.replaceState(null, '', `/as/agent1/${path}`)
  const shown = mount(Console, { target, props: { session } })
  return () => {
    void unmount(shown)
    history.replaceState(null, '', address)
  }
}

/** A screen beside the calls stands under a heading, which has the bar's place. */
function screen(state: string, target: HTMLElement): () => void {
  const { component, props, title: page } = play(state)
  const title = document.createElement('h1')
  title.textContent = props.session.name
  const header = document.createElement('header')
  header.append(title)
  const main = document.createElement('main')
  target.append(header, main)
  if (page) main.append(Object.assign(document.createElement('h2'), { textContent: page }))
  const shown = mount(component, { target: main, props })
  return () => {
    void unmount(shown)
    header.remove()
    main.remove()
  }
}

async function language(wanted: string): Promise<void> {
  await begin({ de: () => import('../src/lang/de') })
  await speak(wanted === 'de' ? 'de' : 'en')
  document.documentElement.dir = wanted === 'rtl' ? 'rtl' : 'ltr'
  const longer = wanted === 'pseudo' || wanted === 'rtl'
  if (longer) pretend(pseudo)
  tell(wanted === 'de' ? german : longer ? stretch : (text) => text)
}

/** scheme makes the styles of one colour scheme hold, whatever the system has. */
function scheme(wanted: string | null): void {
  if (!wanted) return
  document.documentElement.style.colorScheme = wanted
  for (const rule of [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])) {
    if (rule instanceof CSSMediaRule && rule.conditionText.includes('prefers-color-scheme')) {
      rule.media.mediaText = rule.conditionText.includes(wanted) ? 'all' : 'not all'
    }
  }
}

/** The list, with a frame in which the chosen state is shown. */
function index(target: HTMLElement, how: string): void {
  const frame = Object.assign(document.createElement('iframe'), { name: 'shown', title: 'The state' })
  frame.style.cssText = 'position: fixed; inset: 0 0 0 240px; width: calc(100% - 240px); height: 100%; border: 0'
  for (const [change, word] of [['', 'English'], ['lang=de', 'German'], ['lang=pseudo', 'longer'], ['lang=rtl', 'right to left'], ['scheme=light', 'light'], ['scheme=dark', 'dark']]) {
    target.append(Object.assign(document.createElement('a'), { href: `?${change}`, textContent: word }), ' ')
  }
  for (const [page, states] of Object.entries(names)) {
    for (const name of states) {
      const link = document.createElement('a')
      Object.assign(link, { href: `?page=${page}&state=${name}&${how}`, target: 'shown', textContent: `${page} ${name}` })
      link.dataset.state = ''
      link.style.display = 'block'
      target.append(link)
    }
  }
  target.append(frame)
}

/** For a test: one state after the other on the same page. */
function walk(target: HTMLElement): void {
  let off = () => {}
  Object.assign(window, {
    gallery: {
      names: Object.entries(names).flatMap(([page, states]) => states.map((state) => [page, state])),
      async show(page: string, state: string) {
        off()
        document.title = 'Gallery'
        flushSync(() => (off = draw(page, state, target)))
        // What is fetched is there at once, and drawn after that.
        if (['screen', 'board', 'whole'].includes(page)) await new Promise((next) => setTimeout(next, 20))
      },
      language,
    },
  })
}

const target = document.getElementById('app')!
const query = new URLSearchParams(location.search)
await language(query.get('lang') ?? 'en')
if (query.has('walk')) walk(target)
else if (query.has('page')) draw(query.get('page')!, query.get('state') ?? '', target)
else index(target, query.toString())
scheme(query.get('scheme'))
document.body.dataset.drawn = ''
