/** The browsers that show differently where the microphone is let in. */
export type Browser = 'chromium' | 'firefox' | 'safari'

/** browserOf tells them apart by what they call themselves; the others are built like Chromium. */
export function browserOf(userAgent: string): Browser {
  if (/Firefox|FxiOS/.test(userAgent)) return 'firefox'
  return /Safari/.test(userAgent) && !/Chrome|Chromium|CriOS|Edg|OPR|Android/.test(userAgent) ? 'safari' : 'chromium'
}
