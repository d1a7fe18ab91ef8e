// What shows the keys, in one chunk.

export { default as Palette } from './Palette.svelte'
export { default as ShortcutList } from './ShortcutList.svelte'
