// Every state of every page from fixtures, without a desk, in development only:
// /dev/gallery.html lists them, ?page=as&state=talking shows one.

import '../src/style/base.css'
import { mount } from 'svelte'
import { play, scenes } from './screens'
import { boardStates, callerStates, consoleStates } from './states'
import Caller from '../src/call/Caller.svelte'
import Console from '../src/as/Console.svelte'
import Home from '../src/home/Home.svelte'
import SignIn from '../src/home/SignIn.svelte'
import { demoConfig } from './states'

const target = document.getElementById('app')!
const query = new URLSearchParams(location.search)
const state = query.get('state') ?? ''

switch (query.get('page')) {
  case 'as':
    mount(Console, { target, props: { session: consoleStates[state]!() } })
    break
  case 'screen': {
    const { component, props } = play(state)
    const title = document.createElement('h1')
    title.textContent = document.title // stands for the bar at the top
    const header = document.createElement('header')
    header.append(title)
    const main = document.createElement('main')
    target.append(header, main)
    mount(component, { target: main, props })
    break
  }
  case 'board':
    history.replaceState(null, '', `/as/agent1/board${state === 'wall' ? '?tv=1' : ''}`)
    mount(Console, { target, props: { session: boardStates[state]!() } })
    break
  case 'call':
    mount(Caller, { target, props: { line: callerStates[state]!() } })
    break
  case 'home':
    mount(Home, { target, props: { config: demoConfig, base: '/dev/frame.html?' } })
    break
  case 'signin':
    mount(SignIn, { target })
    break
  default:
    for (const [page, states] of [
      ['as', Object.keys(consoleStates)],
      ['screen', Object.keys(scenes)],
      ['board', Object.keys(boardStates)],
      ['call', Object.keys(callerStates)],
      ['home', ['']],
      ['signin', ['']],
    ] as const) {
      for (const name of states) {
        const link = document.createElement('a')
        link.href = `?page=${page}&state=${name}`
        link.textContent = `${page} ${name}`
        link.style.display = 'block'
        target.append(link)
      }
    }
}
