// Which key of the console's map an event means. Single keys never fire while
// somebody types.

/** The keys a person may change; the rest stands for itself. */
export const letters = ['A', 'X', 'M', 'H', 'T', 'J', 'S', 'L', 'B', 'U', 'N', 'K', 'V'] as const
export type Letter = (typeof letters)[number]

export interface Layout {
  /** Whether single keys do anything; with Alt+Shift they always do. */
  single: boolean
  /** The key that does what this one does in the map. */
  meant: (key: string) => string
}

export const usual: Layout = { single: true, meant: (key) => key }

/** shortcut is the key of the map: A to Z, 1 to 9, /, ?, Shift+E, Ctrl+K; or nothing. */
export function shortcut(event: KeyboardEvent, layout: Layout = usual): string | undefined {
  if (event.repeat || event.defaultPrevented || event.isComposing) return undefined
  if (event.ctrlKey || event.metaKey) return event.code === 'KeyK' && !event.altKey && !event.shiftKey ? 'Ctrl+K' : undefined
  // With Alt+Shift the keys work in text fields too. What they would type is no letter.
  if (event.altKey) return event.shiftKey ? withAlt(event.code, layout) : undefined
  if (!layout.single || typing(event.target)) return undefined
  if (event.key === '?' || event.key === '/' || /^[1-9]$/.test(event.key)) return event.key
  const key = event.key.toUpperCase()
  if (event.shiftKey) return key === 'E' ? 'Shift+E' : undefined
  return /^[A-Z]$/.test(key) ? layout.meant(key) : undefined
}

function withAlt(code: string, layout: Layout): string | undefined {
  const key = /^(?:Key|Digit)([A-Z1-9])$/.exec(code)?.[1]
  if (key === 'E') return 'Shift+E'
  if (code === 'Slash') return '?'
  return key && layout.meant(key)
}

function typing(target: EventTarget | null): boolean {
  if (target === null || !('closest' in target)) return false
  return (target as Element).closest('input, textarea, select, [contenteditable="true"], dialog, [popover]') !== null
}
