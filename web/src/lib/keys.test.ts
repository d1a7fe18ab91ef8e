import { describe, expect, it } from 'vitest'
import { shortcut } from './keys'
import { read, Shortcuts } from './shortcuts.svelte'

interface Pressed {
  key: string
  code?: string
  ctrlKey?: boolean
  metaKey?: boolean
  altKey?: boolean
  shiftKey?: boolean
  repeat?: boolean
}
const press = ({ key, code = `Key${key.toUpperCase()}`, ...rest }: Pressed) => ({ key, code, target: null, ...rest }) as unknown as KeyboardEvent

describe('a key', () => {
  it.each<[string, Pressed, string | undefined]>([
    ['a letter', { key: 'a' }, 'A'],
    ['a digit', { key: '3', code: 'Digit3' }, '3'],
    ['no place in line', { key: '0', code: 'Digit0' }, undefined],
    ['a question mark, wherever it stands', { key: '?', code: 'Minus', shiftKey: true }, '?'],
    ['the end of a call, only with Shift', { key: 'E', shiftKey: true }, 'Shift+E'],
    ['nothing else with Shift', { key: 'A', shiftKey: true }, undefined],
    ['the palette', { key: 'k', ctrlKey: true }, 'Ctrl+K'],
    ['the palette on a Mac', { key: 'k', metaKey: true }, 'Ctrl+K'],
    ["nothing of the browser's", { key: 'a', ctrlKey: true }, undefined],
    ['a letter with Alt and Shift, whatever it types', { key: 'Å', code: 'KeyA', altKey: true, shiftKey: true }, 'A'],
    ['the end of a call with Alt and Shift', { key: '´', code: 'KeyE', altKey: true, shiftKey: true }, 'Shift+E'],
    ['nothing held down', { key: 'a', repeat: true }, undefined],
    ['nothing of Escape', { key: 'Escape', code: 'Escape' }, undefined],
  ])('means %s', (_, event, wanted) => {
    expect(shortcut(press(event))).toBe(wanted)
  })

  it('does nothing alone where single keys are off, and all with Alt and Shift', () => {
    const off = new Shortcuts('{"single":false}')
    expect(shortcut(press({ key: 'a' }), off)).toBeUndefined()
    expect(shortcut(press({ key: 'E', shiftKey: true }), off)).toBeUndefined()
    expect(shortcut(press({ key: 'a', altKey: true, shiftKey: true }), off)).toBe('A')
    expect(shortcut(press({ key: 'k', ctrlKey: true }), off)).toBe('Ctrl+K')
    expect([off.hint('A'), off.aria('A')]).toEqual(['', 'Alt+Shift+A'])
  })
})

describe('changed keys', () => {
  it('mean what the old ones meant, and the old ones nothing', () => {
    const keys = new Shortcuts(null)
    expect(keys.set('A', 'z')).toBe(true)
    expect(shortcut(press({ key: 'z' }), keys)).toBe('A')
    expect(shortcut(press({ key: 'a' }), keys)).toBe('')
    expect([keys.hint('A'), keys.aria('A')]).toEqual(['Z', 'Z Alt+Shift+Z'])
    keys.reset()
    expect(shortcut(press({ key: 'a' }), keys)).toBe('A')
  })

  it('are letters that nothing else has; G begins a pair', () => {
    const keys = new Shortcuts(null)
    expect(['M', 'G', '1', '', 'ab', 'é'].filter((key) => keys.set('A', key))).toEqual([])
    expect(keys.set('A', 'A')).toBe(true)
    keys.set('M', 'Q')
    expect(keys.set('A', 'M')).toBe(true)
  })

  it('are the usual ones where what was kept is none of ours', () => {
    expect(read('{"changed":{"A":"M","X":5,"ZZ":"Q","T":"Y"},"single":"no"}')).toEqual({ single: true, changed: { T: 'Y' } })
    expect(read('not json')).toEqual({ single: true, changed: {} })
    expect(read('null')).toEqual({ single: true, changed: {} })
  })
})
