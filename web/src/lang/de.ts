// The German texts, one file for each area of the pages.

import type { Catalogue } from '../lib/say.svelte'
import as from './de/as'
import call from './de/call'
import card from './de/card'
import home from './de/home'
import lib from './de/lib'

export default { ...as, ...call, ...card, ...home, ...lib } satisfies Catalogue
