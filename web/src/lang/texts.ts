// What the sources of the pages say to people: for the test that holds every text
// behind t, and every text of t in every language.

import { parse } from 'svelte/compiler'

/** One text given to t, key or plural, and where. */
export interface Used {
  text: string
  where: string
}

export interface Found {
  used: Used[]
  /** Texts that people would see in one language only. */
  bare: Used[]
}

interface Node {
  type: string
  start: number
  [name: string]: unknown
}

/** Behind these a text is looked up, now or when it is drawn. */
const lookups: ReadonlySet<string> = new Set(['t', 'key', 'plural'])
/** The attributes and component properties that people read or hear. */
const seen: ReadonlySet<string> = new Set([
  'aria-label', 'aria-description', 'aria-roledescription', 'title', 'placeholder', 'alt', 'label', 'hint', 'heading', 'action', 'keep', 'act', 'text', 'word',
])
/** Names, which are the same everywhere. */
const names: ReadonlySet<string> = new Set(['Warmdesk', 'English', 'Deutsch', 'Dana', 'Ana', 'Ben'])

/** find reads a source, whose name tells its kind: .svelte or .ts. */
export function find(name: string, source: string): Found {
  const whole = name.endsWith('.svelte') ? source : `<script lang="ts">${source}</script>`
  const found: Found = { used: [], bare: [] }
  const where = (node: Node) => `${name}:${whole.slice(0, node.start).split('\n').length}`
  const bare = (node: Node, text: string) => {
    const words = text.trim()
    if (/\p{L}/u.test(words) && !names.has(words.replace(/^\P{L}+|\P{L}+$/gu, ''))) found.bare.push({ text: words, where: where(node) })
  }

  const visit = (node: Node, within: Within): void => {
    switch (node.type) {
      case 'CallExpression':
        if (lookups.has(nameOf(node.callee))) return lookUp(node)
        break
      case 'Text':
        if (within === 'page' || within === 'seen') bare(node, String(node.data))
        return
      case 'Attribute':
        return each(node, (child) => visit(child, seen.has(String(node.name)) ? 'seen' : 'code'))
      case 'Literal':
      case 'TemplateElement': {
        const value = node.type === 'Literal' ? node.value : (node.value as { cooked?: string }).cooked
        if (typeof value === 'string' && within !== 'quiet' && (within === 'seen' || within === 'drawn' || reads(value))) bare(node, value)
        return
      }
      case 'ExpressionTag':
        return each(node, (child) => visit(child, within === 'page' ? 'drawn' : within))
      case 'RegularElement':
        if (node.name === 'code' || node.name === 'kbd') return
        break
    }
    if (skipped(node)) return
    const next = quiet(node) ? () => 'quiet' as const : (field: string) => inside(node, field, within)
    each(node, (child, field) => visit(child, next(field)))
  }

  const lookUp = (node: Node): void => {
    const [first, ...rest] = node.arguments as Node[]
    const texts = nameOf(node.callee) === 'plural' ? rest.slice(0, 2) : first ? [first] : []
    for (const text of texts.flatMap(choices)) {
      if (typeof text.value === 'string') found.used.push({ text: text.value, where: where(text) })
    }
    each(node, (child) => visit(child, texts.includes(child) ? 'quiet' : 'code'))
  }

  const tree = parse(whole, { modern: true }) as unknown as Record<string, Node | null>
  for (const part of [tree.module, tree.instance]) if (part) visit(part, 'code')
  if (tree.fragment && name.endsWith('.svelte')) visit(tree.fragment, 'page')
  return found
}

/** page: between tags; seen: in an attribute that people read; drawn: in an expression between tags; quiet: for nobody. */
type Within = 'page' | 'seen' | 'drawn' | 'code' | 'quiet'

function inside(node: Node, field: string, within: Within): Within {
  // What a condition looks at is not what is drawn.
  if (field === 'test' || node.type === 'CallExpression') return 'code'
  return field === 'expression' && within === 'page' ? 'code' : within
}

function skipped(node: Node): boolean {
  if (node.type.startsWith('TS')) return !/Satisfies|As|NonNull/.test(node.type)
  return ['ImportDeclaration', 'ExportAllDeclaration', 'ImportExpression'].includes(node.type)
}

/** Comparisons, errors of the program itself, and names asked for, as in headers.get('Location') and closest('p, li'). */
function quiet(node: Node): boolean {
  const callee = node.callee as { property?: unknown } | undefined
  switch (node.type) {
    case 'BinaryExpression':
      return ['===', '!==', 'in'].includes(String(node.operator))
    case 'NewExpression':
      return /^(Error|DOMException)$/.test(nameOf(callee))
    case 'CallExpression':
      return /^(get|set|has|closest|matches|querySelector|querySelectorAll)$/.test(nameOf(callee?.property))
    default:
      return false
  }
}

/** reads tells whether a string in code is likely for people: two words, or one with a capital. */
function reads(text: string): boolean {
  return /\p{L}[.,;:!?)]*\s+[\p{L}(]/u.test(text) || /^[A-Z][a-z]+[.!?]?$/.test(text)
}

/** The texts that an argument may be: itself, or one of two. */
function choices(node: Node): Node[] {
  if (node.type === 'ConditionalExpression') return [...choices(node.consequent as Node), ...choices(node.alternate as Node)]
  return [node]
}

function nameOf(callee: unknown): string {
  return String((callee as { name?: string } | undefined)?.name ?? '')
}

function each(node: Node, visit: (child: Node, field: string) => void): void {
  for (const [field, value] of Object.entries(node)) {
    if (field === 'css' || field === 'leadingComments' || field === 'trailingComments') continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof (child as Node).type === 'string') visit(child as Node, field)
    }
  }
}
