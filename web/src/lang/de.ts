// The German texts, one file for each area of the pages.

import type { Catalogue } from '../lib/say.svelte'
import as from './de/as'

export default { ...as } satisfies Catalogue
