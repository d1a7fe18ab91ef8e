// Single keys for the console, which never fire while somebody types.

/** The key of a shortcut this event means, in upper case, or nothing. */
export function shortcut(event: KeyboardEvent): string | undefined {
  if (event.repeat || event.ctrlKey || event.metaKey || event.defaultPrevented) return undefined
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]
  // With Alt+Shift the keys work in text fields too.
  if (event.altKey) return event.shiftKey ? letter : undefined
  if (event.shiftKey || typing(event.target)) return undefined
  const key = event.key.toUpperCase()
  return /^[A-Z]$/.test(key) ? key : undefined
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target.closest('input, textarea, select, [contenteditable="true"], dialog, [popover]') !== null
}
