// The German texts, one file for each area of the pages.

import type { Catalogue } from '../lib/say.svelte'
import agent from './de/agent'
import as from './de/as'
import board from './de/board'
import both from './de/both'
import call from './de/call'
import card from './de/card'
import devices from './de/devices'
import history from './de/history'
import home from './de/home'
import language from './de/language'
import numbers from './de/numbers'
import prompts from './de/prompts'
import settings from './de/settings'

export default { ...agent, ...as, ...board, ...both, ...call, ...card, ...devices, ...history, ...home, ...language, ...numbers, ...prompts, ...settings } satisfies Catalogue
