// The German texts of the customer's page, which waits for no others.

import type { Catalogue } from '../lib/say.svelte'
import both from './de/both'
import call from './de/call'

export default { ...both, ...call } satisfies Catalogue
